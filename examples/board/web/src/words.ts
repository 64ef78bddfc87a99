import type { RefusedEdit, TemporalProblem, TemporalStatus } from "../pkg/board.js";

/** What went wrong, for people. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error)) {
    return isProblem(error) ? problemInWords(error) : String(error);
  }
  if (isProblem(error)) {
    return problemInWords(error);
  }
  // What `fetch` throws says nothing to anybody.
  return error instanceof TypeError ? "The server cannot be reached. Try again." : error.message;
}

/** A refusal, for people. */
export function problemInWords({ reason, message }: TemporalProblem): string {
  switch (reason) {
    case "conflict":
      return "Somebody else changed the same thing at the same moment. Theirs is shown, yours was not kept.";
    case "absent":
    case "deleted":
      return "It was deleted meanwhile, so the change was not kept.";
    case "tooMany":
      return "That was a lot at once. It goes on by itself in a moment.";
    case "internal":
    case "unavailable":
      return "The server has trouble. It is tried again.";
    case "schema":
      return "This page is older than the board. Reload it; what is not saved yet has to be made again.";
    default:
      return message;
  }
}

/** What stands in the way of an entity, or else the latest edit of it that was refused, for people. */
export function statusInWords({ problem, problems }: TemporalStatus): string {
  const refused = problems.at(-1);
  if (problem !== undefined) {
    return problemInWords(problem);
  }
  return refused === undefined ? "" : refusedInWords(refused);
}

/** A refused edit with the texts that were typed, so that nobody has to remember them. */
function refusedInWords(refused: RefusedEdit): string {
  const theirs: Record<string, unknown> = { ...refused.theirs };
  const lost = Object.entries({ ...refused.mine }).flatMap(([field, mine]) =>
    typeof mine === "string" && mine !== theirs[field] ? [`“${mine}”`] : [],
  );
  return problemInWords(refused) + (lost.length === 0 ? "" : ` Yours was ${lost.join(", ")}.`);
}

function isProblem(error: unknown): error is TemporalProblem {
  return typeof error === "object" && error !== null && "reason" in error && "message" in error;
}

/** `1 change`, `2 changes`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/** How long ago an instant was, which is given in microseconds. */
export function ago(micros: number): string {
  const seconds = Math.max(0, Date.now() / 1e3 - micros / 1e6);
  if (seconds < 45) {
    return "just now";
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) {
    return relative.format(-minutes, "minute");
  }
  const hours = Math.round(minutes / 60);
  return hours < 24 ? relative.format(-hours, "hour") : relative.format(-Math.round(hours / 24), "day");
}

/** An instant in full. */
export function exactly(micros: number): string {
  return new Date(micros / 1e3).toLocaleString();
}
