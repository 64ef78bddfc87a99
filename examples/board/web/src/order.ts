import type { Placement, Replace } from "../pkg/board.js";

export type Places = Record<string, Placement>;

/** The ids of the cards from the top down. Two that were put into one place at once stand by their ids. */
export function inOrder(places: Places): string[] {
  const entries = Object.entries(places);
  entries.sort(([a, one], [b, other]) => one.position - other.position || (a < b ? -1 : 1));
  return entries.map(([id]) => id);
}

/** The changes that put `card` at `index` among the `others` of its column. */
export function placeAt(
  places: Places,
  others: readonly string[],
  index: number,
  card: string,
): Record<string, Replace<Placement>> {
  const position = between(positionOf(places, others[index - 1]), positionOf(places, others[index]));
  if (position !== undefined) {
    return { [card]: { $set: { position } } };
  }
  // No number is left between these two: all of the column get new ones.
  const column = others.toSpliced(index, 0, card);
  return Object.fromEntries(column.map((id, at) => [id, { $set: { position: at + 1 } }]));
}

function positionOf(places: Places, id: string | undefined): number | undefined {
  return id === undefined ? undefined : places[id]?.position;
}

/** A number between two, of which either may be missing; `undefined` if there is none. */
function between(low: number | undefined, high: number | undefined): number | undefined {
  if (low === undefined) {
    return high === undefined ? 1 : high - 1;
  }
  if (high === undefined) {
    return low + 1;
  }
  const middle = low + (high - low) / 2;
  return low < middle && middle < high ? middle : undefined;
}
