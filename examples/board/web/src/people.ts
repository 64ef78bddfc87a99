import { type Color, openPerson } from "../pkg/board.js";
import { el } from "./dom";

export const COLORS: readonly Color[] = ["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"];

/** A person as shown. */
export interface Face {
  readonly id: string;
  readonly name: string;
  readonly color: Color;
}

/** The persons of this page. Each is an entity, so that a name changes wherever it stands. */
export class People {
  readonly me: string;
  readonly #faces = new Map<string, Face>();
  readonly #changed: () => void;

  /** `name` is how the person who is logged in wrote it; `changed` is called when a face is. */
  constructor(me: string, name: string, changed: () => void) {
    this.me = me;
    this.#changed = changed;
    this.#introduce(name);
  }

  /** All that were met so far. */
  get known(): readonly Face[] {
    return [...this.#faces.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /** The person of that id. One that is met for the first time is known by the id until more comes. */
  face(id: string): Face {
    const known = this.#faces.get(id);
    if (known !== undefined) {
      return known;
    }
    this.#faces.set(id, { id, name: id, color: colorOf(id) });
    openPerson(id).subscribe((person) => {
      if (person !== undefined) {
        this.#faces.set(id, { id, name: person.name, color: person.color });
        this.#changed();
      }
    });
    return this.#faces.get(id) ?? { id, name: id, color: colorOf(id) };
  }

  /** Makes the person's own entity at the first login. */
  #introduce(name: string): void {
    this.face(this.me);
    const store = openPerson(this.me);
    const leave = store.subscribe(() => {
      if (store.status.state === "loading") {
        return;
      }
      queueMicrotask(() => leave());
      if (store.status.state === "absent") {
        // Refused if another tab was faster, which is as good.
        store.post({ name, email: null, color: colorOf(this.me) }).catch(() => {});
      }
    });
  }
}

/** A round mark with the first letter of a name. */
export function mark({ name, color }: Face, testid?: string): HTMLElement {
  const [letter = "?"] = name;
  const element = el("span", { className: `mark ${color}`, title: name, ariaHidden: "true" }, letter.toUpperCase());
  if (testid !== undefined) {
    element.dataset["testid"] = testid;
  }
  return element;
}

/** The color of who has chosen none: always the same one. */
function colorOf(id: string): Color {
  let sum = 0;
  for (const letter of id) {
    sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  }
  return COLORS[sum % COLORS.length] ?? "blue";
}
