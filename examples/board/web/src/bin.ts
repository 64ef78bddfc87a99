import type { CardTile } from "./card";
import { arrange, el, keyed, showText } from "./dom";
import type { People } from "./people";
import { ago } from "./words";

/** A deleted card. */
interface Row {
  readonly element: HTMLLIElement;
  readonly text: HTMLElement;
}

/** The strip of deleted cards, from where they come back. */
export class Bin {
  readonly element: HTMLElement;
  readonly #people: People;
  readonly #bringBack: (tile: CardTile) => void;
  readonly #list = el("ul");
  readonly #rows = new Map<string, Row>();

  constructor(people: People, bringBack: (tile: CardTile) => void) {
    this.#people = people;
    this.#bringBack = bringBack;
    this.element = el(
      "section",
      { className: "bin", testid: "bin", hidden: true, ariaLabel: "Deleted cards" },
      el("h2", {}, "Deleted"),
      this.#list,
    );
  }

  show(tiles: readonly CardTile[]): void {
    const byId = new Map(tiles.map((tile) => [tile.id, tile]));
    const rows = keyed(this.#rows, byId.keys(), (id) => this.#row(byId, id));
    for (const [id, row] of this.#rows) {
      const tile = byId.get(id);
      if (tile !== undefined) {
        showText(row.text, this.#describe(tile));
      }
    }
    arrange(this.#list, rows.map((row) => row.element));
    this.element.hidden = tiles.length === 0;
  }

  #row(tiles: Map<string, CardTile>, id: string): Row {
    const text = el("span");
    const button = el("button", { testid: "undelete" }, "Bring back");
    const element = el("li", { testid: "deleted-card" }, text, button);
    element.dataset["id"] = id;
    const tile = tiles.get(id);
    button.addEventListener("click", () => tile !== undefined && this.#bringBack(tile));
    return { element, text };
  }

  /** The server tells who deleted a card and when, but not what it was: only who saw it knows its title. */
  #describe(tile: CardTile): string {
    const title = tile.store.get()?.title;
    const { meta } = tile.store;
    const by = meta === undefined ? "" : ` · ${this.#people.face(meta.person).name}, ${ago(meta.modified)}`;
    return `${title === undefined ? "A card" : `“${title}”`}${by}`;
  }
}
