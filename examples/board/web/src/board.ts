import { type Status, type TemporalStatus, openBoard, openCard } from "../pkg/board.js";
import { Bin } from "./bin";
import { CardTile, type Surroundings as CardSurroundings } from "./card";
import { COLUMNS, Column, type Surroundings as ColumnSurroundings, dragCards } from "./column";
import { arrange, el, keepFocus, keyed, liveText } from "./dom";
import { Editor } from "./editor";
import { inOrder, placeAt } from "./order";
import { People, mark } from "./people";
import { StatusLine } from "./status";

/** The board that everybody shares. */
const BOARD = "main";

/** How often "2 min. ago" is looked at again. */
const TICK_MILLIS = 30_000;

/** What the board tells the page. */
export interface Surroundings {
  /** The server is there, or not any more. */
  connected(is: boolean): void;
  /** Somebody else has logged in, in another tab of this browser. */
  personChanged(): void;
  logOut(): Promise<void>;
}

/** The board with its columns and cards, for who is logged in. */
export class BoardView implements CardSurroundings {
  readonly element: HTMLElement;
  readonly people: People;
  readonly #around: Surroundings;
  readonly #store = openBoard(BOARD);
  readonly #tiles = new Map<string, CardTile>();
  readonly #columns: readonly Column[];
  readonly #bin: Bin;
  readonly #editor: Editor;
  readonly #status = new StatusLine();
  readonly #me = el("span", { className: "me", testid: "me" });
  readonly #title = el("input", { className: "heading", testid: "board-title", ariaLabel: "Title of the board" });
  readonly #showTitle: (text: string) => void;
  #layoutDue = false;

  constructor(me: string, name: string, around: Surroundings) {
    this.#around = around;
    this.people = new People(me, name, () => this.#renderAll());
    this.#columns = COLUMNS.map((column) => new Column(column.status, column.name, this.#columnSurroundings()));
    this.#bin = new Bin(this.people, (tile) => this.attempt(() => tile.store.undelete()));
    this.#editor = new Editor(this);
    this.#showTitle = liveText(this.#title, (title) => this.attempt(() => this.#store.patch({ title })));
    const columns = el("main", { className: "columns" }, ...this.#columns.map((column) => column.element));
    dragCards(columns);
    this.element = el("div", { className: "board", testid: "board" });
    this.element.append(this.#header(), columns, this.#bin.element, this.#editor.element);
    this.#renderAll();
    // Whoever comes first. Somebody else may be faster, and then there is a board all the same.
    this.#store.createIfAbsent({ title: "Our board", cards: {} });
    this.#store.subscribe(() => this.#boardChanged());
    setInterval(() => this.#renderAll(), TICK_MILLIS);
  }

  open(id: string): void {
    const tile = this.#tiles.get(id);
    if (tile !== undefined) {
      this.#editor.open(tile.store);
    }
  }

  step(id: string, columns: number, places: number): void {
    const tile = this.#tiles.get(id);
    const from = COLUMNS.findIndex(({ status }) => status === tile?.column);
    const to = COLUMNS[from + columns];
    if (tile === undefined || to === undefined) {
      return;
    }
    const there = this.#cardsIn(to.status);
    const index = columns === 0 ? there.indexOf(tile) + places : there.length;
    if (index >= 0 && (columns !== 0 || index < there.length)) {
      this.#move(id, to.status, index);
    }
  }

  attempt(work: () => void | Promise<unknown>): void {
    void this.#status.attempt(work);
  }

  /** Once for all the changes that come together. */
  changed(): void {
    if (!this.#layoutDue) {
      this.#layoutDue = true;
      queueMicrotask(() => {
        this.#layoutDue = false;
        this.#layout();
      });
    }
  }

  #columnSurroundings(): ColumnSurroundings {
    return {
      add: (status, title) => this.#status.attempt(() => this.#add(status, title)),
      move: (id, status, index) => this.#move(id, status, index),
    };
  }

  #boardChanged(): void {
    const { connected, person } = this.#store.status;
    this.#around.connected(connected);
    if (connected && person !== this.people.me) {
      this.#around.personChanged();
      return;
    }
    const board = this.#store.get();
    if (board !== undefined) {
      this.#showTitle(board.title);
      document.title = board.title;
      keyed(
        this.#tiles,
        Object.keys(board.cards),
        (id) => new CardTile(id, this),
        (tile) => tile.leave(),
      );
    }
    this.changed();
  }

  #layout(): void {
    const { state } = this.#store.status;
    this.element.ariaBusy = String(state === "loading" || state === "absent");
    // Around all of them: a card that changes its column leaves one before it comes into the other.
    keepFocus(() => {
      for (const column of this.#columns) {
        column.show(this.#cardsIn(column.status));
      }
    });
    const tiles = [...this.#tiles.values()];
    const deleted = tiles.filter((tile) => tile.store.status.state === "deleted");
    this.#bin.show(deleted);
    const own = this.#store.status;
    const ofAll = (shown: CardTile[]): TemporalStatus[] => [own, ...shown.map((tile) => tile.store.status)];
    this.#status.show(ofAll(tiles), ofAll(deleted));
  }

  /** The cards of a column from the top down. */
  #cardsIn(status: Status): CardTile[] {
    const ids = inOrder(this.#store.get()?.cards ?? {});
    return ids.flatMap((id) => this.#tiles.get(id) ?? []).filter((tile) => tile.column === status);
  }

  /** First the card and then its place, so that nobody looks for a card that is not there yet. */
  async #add(status: Status, title: string): Promise<void> {
    const id = crypto.randomUUID();
    const facts = { status, title, body: "", votes: 0n, assignee: null, checklist: [], labels: {} };
    await openCard(id).post(facts);
    this.#place(id, status, Number.POSITIVE_INFINITY);
  }

  #move(id: string, status: Status, index: number): void {
    const tile = this.#tiles.get(id);
    this.attempt(() => {
      if (tile?.column !== status) {
        tile?.store.patch({ status });
      }
      this.#place(id, status, index);
    });
  }

  #place(id: string, status: Status, index: number): void {
    const others = this.#cardsIn(status)
      .map((tile) => tile.id)
      .filter((other) => other !== id);
    const places = this.#store.get()?.cards ?? {};
    this.#store.patch({ cards: placeAt(places, others, Math.min(index, others.length), id) });
  }

  #renderAll(): void {
    const me = this.people.face(this.people.me);
    arrange(this.#me, [mark(me), el("span", {}, me.name)]);
    for (const tile of this.#tiles.values()) {
      tile.render();
    }
    this.#editor.render();
    this.changed();
  }

  #header(): HTMLElement {
    const leave = el("button", { testid: "logout" }, "Log out");
    leave.addEventListener("click", () => this.attempt(() => this.#around.logOut()));
    return el("header", {}, this.#title, this.#status.element, this.#me, leave);
  }
}
