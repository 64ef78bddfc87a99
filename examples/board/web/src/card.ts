import { type Card, type CardDiff, type Status, type TemporalStore, openCard } from "../pkg/board.js";
import { el, showText } from "./dom";
import { type People, mark } from "./people";
import { ago, count, exactly, statusInWords } from "./words";

/** What a card wants of the board that it is on. */
export interface Surroundings {
  readonly people: People;
  /** Opens the card for editing. */
  open(id: string): void;
  /** Moves it by columns, or by places within its column. */
  step(id: string, columns: number, places: number): void;
  /** Runs a change and tells if it was refused. */
  attempt(work: () => void): void;
  /** The card changed, and may belong elsewhere. */
  changed(): void;
}

/** A card as it stands in a column. Each is an entity of its own. */
export class CardTile {
  readonly id: string;
  readonly element: HTMLLIElement;
  readonly store: TemporalStore<Card, CardDiff>;
  readonly leave: () => void;
  readonly #around: Surroundings;
  readonly #title = el("button", { className: "title", testid: "card-title" });
  readonly #body = el("p", { className: "excerpt" });
  readonly #labels = el("ul", { className: "labels", ariaLabel: "Labels" });
  readonly #votes = el("button", { className: "votes", testid: "card-votes", title: "Vote for it" });
  readonly #steps = el("span", { className: "steps", testid: "card-steps" });
  readonly #assignee = el("span", { testid: "card-assignee" });
  readonly #changed = el("p", { className: "changed", testid: "card-changed" });
  readonly #problem = el("p", { className: "problem", role: "alert", testid: "card-problem" });

  constructor(id: string, around: Surroundings) {
    this.id = id;
    this.#around = around;
    this.store = openCard(id);
    const facts = el("div", { className: "facts" }, this.#votes, this.#steps, this.#assignee);
    this.element = el("li", { className: "card", testid: "card", draggable: true });
    this.element.dataset["id"] = id;
    this.element.append(this.#labels, this.#title, this.#body, facts, this.#foot(), this.#problem);
    this.#title.addEventListener("click", () => around.open(id));
    this.#votes.addEventListener("click", () => around.attempt(() => this.#vote()));
    this.#problem.title = "Click to dismiss";
    this.#problem.addEventListener("click", () => this.store.dismiss());
    this.leave = this.store.subscribe(() => {
      this.render();
      around.changed();
    });
  }

  /** The card, if it is known and not deleted. */
  get card(): Card | undefined {
    const { state } = this.store.status;
    return state === "live" || state === "outdated" || state === "failed" ? this.store.get() : undefined;
  }

  /** The column that it belongs into. */
  get column(): Status | undefined {
    return this.card?.status;
  }

  render(): void {
    const { card } = this;
    if (card === undefined) {
      return;
    }
    showText(this.#title, card.title || "(no title)");
    showText(this.#body, card.body);
    showText(this.#votes, `▲ ${card.votes}`);
    this.#votes.ariaLabel = `${count(Number(card.votes), "vote")}. Vote for it`;
    const done = card.checklist.filter((step) => step.done).length;
    showText(this.#steps, card.checklist.length === 0 ? "" : `✓ ${done}/${card.checklist.length}`);
    this.#steps.title = `${done} of ${count(card.checklist.length, "step")} done`;
    this.#renderLabels(card);
    this.#renderPeople(card);
    showText(this.#problem, statusInWords(this.store.status));
    this.element.classList.toggle("saving", this.store.status.pending > 0);
  }

  #renderLabels(card: Card): void {
    const labels = Object.entries(card.labels);
    this.#labels.replaceChildren(...labels.map(([text, color]) => el("li", { className: `label ${color}` }, text)));
  }

  #renderPeople(card: Card): void {
    const { people } = this.#around;
    const assignee = card.assignee === null ? undefined : people.face(card.assignee);
    this.#assignee.replaceChildren(...(assignee === undefined ? [] : [mark(assignee)]));
    this.#assignee.title = assignee === undefined ? "" : `${assignee.name} does it`;
    const { meta } = this.store;
    if (meta !== undefined) {
      showText(this.#changed, `${people.face(meta.person).name}, ${ago(meta.modified)}`);
      this.#changed.title = `Last changed ${exactly(meta.modified)}`;
      this.element.dataset["person"] = meta.person;
    }
  }

  #vote(): void {
    const { card } = this;
    if (card !== undefined) {
      this.store.patch({ votes: { $add: 1n } });
    }
  }

  #foot(): HTMLElement {
    const step = (symbol: string, what: string, columns: number, places: number): HTMLElement => {
      const button = el("button", { ariaLabel: what, title: what, testid: `move-${what.split(" ")[1]}` }, symbol);
      button.addEventListener("click", () => this.#around.step(this.id, columns, places));
      return button;
    };
    const moves = el(
      "div",
      { className: "moves", role: "group", ariaLabel: "Move" },
      step("←", "Move left", -1, 0),
      step("↑", "Move up", 0, -1),
      step("↓", "Move down", 0, 1),
      step("→", "Move right", 1, 0),
    );
    return el("div", { className: "foot" }, this.#changed, moves);
  }
}
