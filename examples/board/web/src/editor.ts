import type { Card, CardDiff, Status, TemporalStore } from "../pkg/board.js";
import { Checklist } from "./checklist";
import { COLUMNS } from "./column";
import { el, liveText, showText } from "./dom";
import { Labels } from "./labels";
import type { People } from "./people";
import { ago, exactly, statusInWords } from "./words";

/** What the editor wants of the board. */
export interface Surroundings {
  readonly people: People;
  attempt(work: () => void | Promise<unknown>): void;
}

/** The dialog in which one card is edited. Every keystroke is an edit; there is nothing to save. */
export class Editor {
  readonly element = el("dialog", { className: "editor", testid: "editor", ariaLabel: "Card" });
  readonly #around: Surroundings;
  readonly #title = el("input", { testid: "edit-title", className: "heading", maxLength: 200 });
  readonly #body = el("textarea", { testid: "edit-body", rows: 3, placeholder: "What is to be done, in full" });
  readonly #status = el("select", { testid: "edit-status" });
  readonly #assignee = el("select", { testid: "edit-assignee" });
  readonly #votes = el("output", { testid: "edit-votes" });
  readonly #changed = el("p", { className: "changed", testid: "edit-changed" });
  readonly #problem = el("p", { className: "problem", role: "alert", testid: "edit-problem" });
  readonly #fields = el("fieldset");
  readonly #checklist: Checklist;
  readonly #labels: Labels;
  readonly #showTitle: (text: string) => void;
  readonly #showBody: (text: string) => void;
  #store: TemporalStore<Card, CardDiff> | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#showTitle = liveText(this.#title, (title) => this.#patch({ title }));
    this.#showBody = liveText(this.#body, (body) => this.#patch({ body }));
    this.#checklist = new Checklist((checklist) => this.#patch({ checklist }));
    this.#labels = new Labels((labels) => this.#patch({ labels }));
    this.#status.append(...COLUMNS.map(({ status, name }) => el("option", { value: status }, name)));
    this.#status.addEventListener("change", () => this.#patch({ status: this.#status.value as Status }));
    this.#assignee.addEventListener("change", () => this.#patch({ assignee: this.#assignee.value || null }));
    this.#lay();
    this.#problem.title = "Click to dismiss";
    this.#problem.addEventListener("click", () => this.#store?.dismiss());
    // The sheet fills the dialog: what hits the dialog itself is a click beside it.
    this.element.addEventListener("click", ({ target }) => target === this.element && this.element.close());
  }

  /** Shows the card until the dialog is closed. */
  open(store: TemporalStore<Card, CardDiff>): void {
    this.#store = store;
    const leave = store.subscribe(() => this.render());
    this.element.addEventListener(
      "close",
      () => {
        leave();
        this.#store = undefined;
      },
      { once: true },
    );
    this.element.showModal();
  }

  render(): void {
    const store = this.#store;
    const card = store?.get();
    if (store === undefined || card === undefined) {
      return;
    }
    const { status } = store;
    const { state } = status;
    this.#fields.disabled = state !== "live";
    this.#showTitle(card.title);
    this.#showBody(card.body);
    this.#status.value = card.status;
    this.#renderAssignee(card.assignee);
    showText(this.#votes, String(card.votes));
    this.#checklist.show(card.checklist);
    this.#labels.show(card.labels);
    const deleted = state === "deleted" ? "This card was deleted. " : "";
    showText(this.#problem, deleted + statusInWords(status));
    if (store.meta !== undefined) {
      const { name } = this.#around.people.face(store.meta.person);
      showText(this.#changed, `Last changed by ${name}, ${ago(store.meta.modified)}`);
      this.#changed.title = exactly(store.meta.modified);
    }
  }

  #renderAssignee(assignee: string | null): void {
    if (assignee !== null) {
      this.#around.people.face(assignee);
    }
    const known = this.#around.people.known;
    const wanted = ["", ...known.map(({ id, name }) => `${id}\n${name}`)].join("\n");
    // An open list must not be rebuilt without need.
    if (this.#assignee.dataset["options"] !== wanted) {
      this.#assignee.dataset["options"] = wanted;
      const options = known.map(({ id, name }) => el("option", { value: id }, name));
      this.#assignee.replaceChildren(el("option", { value: "" }, "Nobody"), ...options);
    }
    this.#assignee.value = assignee ?? "";
  }

  #patch(diff: CardDiff): void {
    const store = this.#store;
    if (store !== undefined) {
      this.#around.attempt(() => store.patch(diff));
      this.render();
    }
  }

  #vote(by: bigint): void {
    this.#patch({ votes: { $add: by } });
  }

  #delete(): void {
    const store = this.#store;
    if (store !== undefined) {
      this.element.close();
      this.#around.attempt(() => store.delete());
    }
  }

  #lay(): void {
    const button = (text: string, ariaLabel: string, testid: string, click: () => void): HTMLElement => {
      const element = el("button", { type: "button", ariaLabel, title: ariaLabel, testid }, text);
      element.addEventListener("click", click);
      return element;
    };
    const less = button("−", "One vote less", "vote-less", () => this.#vote(-1n));
    const more = button("+", "One vote more", "vote-more", () => this.#vote(1n));
    this.#title.ariaLabel = "Title";
    const votes = el("div", { className: "field", role: "group", ariaLabel: "Votes" }, "Votes");
    votes.append(el("span", { className: "stepper" }, less, this.#votes, more));
    this.#fields.append(
      this.#title,
      el("label", { className: "field" }, "Description", this.#body),
      el(
        "div",
        { className: "row" },
        el("label", { className: "field" }, "Column", this.#status),
        el("label", { className: "field" }, "Who does it", this.#assignee),
        votes,
      ),
      this.#checklist.element,
      this.#labels.element,
    );
    const remove = button("Delete card", "Delete card", "delete", () => this.#delete());
    remove.classList.add("danger");
    this.#fields.append(el("div", { className: "foot" }, this.#changed, remove));
    const close = button("×", "Close", "close", () => this.element.close());
    close.classList.add("close");
    this.element.append(el("div", { className: "sheet" }, close, this.#problem, this.#fields));
  }
}
