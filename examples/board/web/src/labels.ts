import type { CardDiff, Color } from "../pkg/board.js";
import { el } from "./dom";
import { COLORS } from "./people";

type Changes = NonNullable<CardDiff["labels"]>;

/** The labels of a card: a map, so that two people can each add one. */
export class Labels {
  readonly element: HTMLElement;
  readonly #change: (labels: Changes) => void;
  readonly #list = el("ul", { className: "labels", testid: "labels" });
  #shown: Readonly<Record<string, Color>> | undefined;

  constructor(change: (labels: Changes) => void) {
    this.#change = change;
    this.element = el("section", { className: "field", ariaLabel: "Labels" });
    this.element.append(el("h3", {}, "Labels"), this.#list, this.#form());
  }

  show(labels: Readonly<Record<string, Color>>): void {
    // What did not change is the same object: there is nothing to do.
    if (labels !== this.#shown) {
      this.#shown = labels;
      const chips = Object.entries(labels).map(([text, color]) => this.#chip(text, color));
      this.#list.replaceChildren(...chips);
    }
  }

  #chip(text: string, color: Color): HTMLElement {
    const remove = el("button", { type: "button", ariaLabel: `Remove the label ${text}`, title: "Remove" }, "×");
    remove.addEventListener("click", () => this.#change({ [text]: { $remove: true } }));
    return el("li", { className: `label ${color}`, testid: "label" }, text, remove);
  }

  #form(): HTMLFormElement {
    const text = el("input", { testid: "new-label", placeholder: "Add a label", maxLength: 40 });
    text.ariaLabel = "A new label";
    const color = el("select", { testid: "new-label-color", ariaLabel: "Its color" });
    color.append(...COLORS.map((name) => el("option", { value: name }, name)));
    const button = el("button", { ariaLabel: "Add the label", title: "Add" }, "+");
    const form = el("form", { className: "add" }, text, color, button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const label = text.value.trim();
      if (label !== "") {
        text.value = "";
        this.#change({ [label]: color.value as Color });
      }
    });
    return form;
  }
}
