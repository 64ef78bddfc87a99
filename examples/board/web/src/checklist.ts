import type { ChecklistItem } from "../pkg/board.js";
import { arrange, el, keyed, liveText } from "./dom";

/** A step's row, and how it shows the step. */
interface Row {
  readonly element: HTMLLIElement;
  show(item: ChecklistItem): void;
}

/** The steps of a card. A list is one thing to the store, so each change hands over all of it. */
export class Checklist {
  readonly element: HTMLElement;
  readonly #change: (items: ChecklistItem[]) => void;
  readonly #list = el("ul", { className: "checklist", testid: "checklist" });
  readonly #rows = new Map<string, Row>();
  #items: readonly ChecklistItem[] = [];

  constructor(change: (items: ChecklistItem[]) => void) {
    this.#change = change;
    const text = el("input", { testid: "new-step", placeholder: "Add a step", maxLength: 500 });
    text.ariaLabel = "A new step";
    const form = el("form", { className: "add" }, text, el("button", { ariaLabel: "Add the step", title: "Add" }, "+"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (text.value.trim() !== "") {
        const item = { id: crypto.randomUUID(), text: text.value.trim(), done: false };
        text.value = "";
        this.#change([...this.#items, item]);
      }
    });
    this.element = el("section", { className: "field", ariaLabel: "Steps" }, el("h3", {}, "Steps"), this.#list, form);
  }

  show(items: readonly ChecklistItem[]): void {
    this.#items = items;
    const byId = new Map(items.map((item) => [item.id, item]));
    const rows = keyed(this.#rows, byId.keys(), (id) => this.#row(id));
    for (const [id, item] of byId) {
      this.#rows.get(id)?.show(item);
    }
    arrange(this.#list, rows.map((row) => row.element));
  }

  #row(id: string): Row {
    const done = el("input", { type: "checkbox", ariaLabel: "Done", testid: "step-done" });
    const text = el("input", { ariaLabel: "Step", testid: "step-text", maxLength: 500 });
    const remove = el("button", { type: "button", ariaLabel: "Remove the step", title: "Remove" }, "×");
    const showText = liveText(text, (value) => this.#edit(id, { text: value }));
    done.addEventListener("change", () => this.#edit(id, { done: done.checked }));
    remove.addEventListener("click", () => this.#change(this.#items.filter((item) => item.id !== id)));
    const element = el("li", { testid: "step" }, done, text, remove);
    return {
      element,
      show: (item) => {
        done.checked = item.done;
        showText(item.text);
        element.classList.toggle("done", item.done);
      },
    };
  }

  #edit(id: string, change: Partial<ChecklistItem>): void {
    this.#change(this.#items.map((item) => (item.id === id ? { ...item, ...change } : item)));
  }
}
