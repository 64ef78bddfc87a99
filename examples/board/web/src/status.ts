import type { TemporalStatus } from "../pkg/board.js";
import { el, showText } from "./dom";
import { count, inWords, statusInWords } from "./words";

/** The line that says whether all is well: the connection, what is not saved yet, and what was refused. */
export class StatusLine {
  readonly element: HTMLElement;
  readonly #connection = el("span", { role: "status", testid: "connection" });
  readonly #pending = el("span", { className: "pending", testid: "pending" });
  readonly #problem = el("p", { className: "problem", role: "alert", testid: "problem" });
  #everConnected = false;
  #refused = "";
  #said = "";

  constructor() {
    const dot = el("span", { className: "dot", ariaHidden: "true" });
    this.element = el(
      "div",
      { className: "status", testid: "status" },
      el("p", { className: "connection" }, dot, this.#connection, this.#pending),
      this.#problem,
    );
  }

  /**
   * Shows the sum of what all stores say, and what was refused to those that have no place to say it. One that is
   * outdated or failed is a matter of the whole page.
   */
  show(all: readonly TemporalStatus[], placeless: readonly TemporalStatus[]): void {
    const connected = all.every((status) => status.connected);
    const pending = all.reduce((sum, status) => sum + status.pending, 0);
    const stuck = all.find(({ state }) => state === "outdated" || state === "failed");
    const said = stuck ?? placeless.find((status) => statusInWords(status) !== "");
    this.#everConnected ||= connected;
    this.element.dataset["connected"] = String(connected);
    this.element.dataset["pending"] = String(pending);
    showText(this.#connection, connected ? "Connected" : this.#everConnected ? "Offline" : "Connecting");
    showText(this.#pending, pendingInWords(connected, pending));
    this.#refused = said === undefined ? "" : statusInWords(said);
    this.#showProblem();
  }

  /** Shows what went wrong outside of the stores; an empty text takes it away. */
  say(what: string): void {
    this.#said = what;
    this.#showProblem();
  }

  /** Runs `work`, and says so if it fails. */
  async attempt(work: () => void | Promise<unknown>): Promise<boolean> {
    try {
      await work();
      this.say("");
      return true;
    } catch (error) {
      this.say(inWords(error));
      return false;
    }
  }

  #showProblem(): void {
    showText(this.#problem, this.#said === "" ? this.#refused : this.#said);
  }
}

function pendingInWords(connected: boolean, pending: number): string {
  if (pending === 0) {
    return connected ? "everything is saved" : "what you change is sent later";
  }
  return connected ? `saving ${count(pending, "change")}` : `${count(pending, "change")} to be sent later`;
}
