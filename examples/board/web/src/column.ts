import type { Status } from "../pkg/board.js";
import type { CardTile } from "./card";
import { arrange, el, showText } from "./dom";
import { count } from "./words";

/** The columns from left to right. */
export const COLUMNS: readonly { readonly status: Status; readonly name: string }[] = [
  { status: "todo", name: "To do" },
  { status: "doing", name: "Doing" },
  { status: "done", name: "Done" },
];

/** What a column asks of the board. */
export interface Surroundings {
  /** Makes a card; whether that worked. */
  add(status: Status, title: string): Promise<boolean>;
  /** Moves the card to the place `index` of a column. */
  move(id: string, status: Status, index: number): void;
}

/** One column: its cards, and a form for a new one. */
export class Column {
  readonly element: HTMLElement;
  readonly status: Status;
  readonly #list: HTMLUListElement;
  readonly #count = el("span", { className: "count" });
  readonly #around: Surroundings;
  /** Cards that the server has not taken yet. */
  readonly #coming: HTMLLIElement[] = [];
  #tiles: readonly CardTile[] = [];

  constructor(status: Status, name: string, around: Surroundings) {
    this.status = status;
    this.#around = around;
    this.#list = el("ul", { className: "cards", testid: "cards" });
    this.#list.ariaLabel = name;
    const heading = el("h2", {}, name, " ", this.#count);
    this.element = el("section", { className: "column", testid: `column-${status}` });
    this.element.append(heading, this.#list, this.#form(name));
    this.#takeDrops();
  }

  /** Shows these cards. */
  show(tiles: readonly CardTile[]): void {
    this.#tiles = tiles;
    arrange(this.#list, [...tiles.map((tile) => tile.element), ...this.#coming]);
    showText(this.#count, String(tiles.length));
    this.#count.ariaLabel = count(tiles.length, "card");
  }

  #form(column: string): HTMLFormElement {
    const title = el("input", { testid: "new-title", placeholder: "Add a card", required: true, maxLength: 200 });
    title.ariaLabel = `Title of a new card in ${column}`;
    const button = el("button", { testid: "add", ariaLabel: `Add to ${column}`, title: "Add" }, "+");
    const form = el("form", { className: "add" }, title, button);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = title.value.trim();
      if (text === "") {
        return;
      }
      title.value = "";
      if (!(await this.#add(text)) && title.value === "") {
        title.value = text;
      }
    });
    return form;
  }

  /** Shows the card at once, though it has to wait for the server. */
  async #add(title: string): Promise<boolean> {
    const coming = el("li", { className: "card coming", ariaBusy: "true" }, el("p", { className: "title" }, title));
    this.#coming.push(coming);
    this.show(this.#tiles);
    try {
      return await this.#around.add(this.status, title);
    } finally {
      this.#coming.splice(this.#coming.indexOf(coming), 1);
      this.show(this.#tiles);
    }
  }

  #takeDrops(): void {
    const mark = (index: number | undefined): void => {
      this.element.classList.toggle("receives", index !== undefined);
      this.#tiles.forEach((tile, at) => tile.element.classList.toggle("gap-above", at === index));
    };
    this.element.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes(CARD) === true) {
        event.preventDefault();
        event.dataTransfer.dropEffect = "move";
        mark(this.#indexAt(event.clientY));
      }
    });
    this.element.addEventListener("dragleave", (event) => {
      if (!(event.relatedTarget instanceof Node && this.element.contains(event.relatedTarget))) {
        mark(undefined);
      }
    });
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      mark(undefined);
      const id = event.dataTransfer?.getData(CARD) ?? "";
      if (id !== "") {
        const above = this.#tiles.slice(0, this.#indexAt(event.clientY));
        this.#around.move(id, this.status, above.filter((tile) => tile.id !== id).length);
      }
    });
  }

  /** How many cards have their middle above. */
  #indexAt(y: number): number {
    return this.#tiles.filter(({ element }) => {
      const { top, height } = element.getBoundingClientRect();
      return top + height / 2 < y;
    }).length;
  }
}

/** The kind of data by which a card is dragged: a text dropped from elsewhere is none. */
const CARD = "application/x-board-card";

/** Lets the cards within `element` be dragged. */
export function dragCards(element: HTMLElement): void {
  element.addEventListener("dragstart", ({ target, dataTransfer }) => {
    const id = target instanceof HTMLElement ? target.dataset["id"] : undefined;
    if (id !== undefined && dataTransfer !== null && target instanceof HTMLElement) {
      dataTransfer.setData(CARD, id);
      dataTransfer.effectAllowed = "move";
      target.classList.add("dragged");
    }
  });
  element.addEventListener("dragend", ({ target }) => {
    if (target instanceof HTMLElement) {
      target.classList.remove("dragged");
    }
  });
}
