/** The two ways in which cbor-x is set up to talk to us. */

import { Encoder } from "cbor-x";

export const MODES = {
  /** As its documentation has it for structured clones: records, tags for bytes, maps come back as `Map`. */
  clone: new Encoder({ structuredClone: true }),
  /** As docs/protocol.md recommends: plain maps, numbers, bytes without a tag. */
  recipe: new Encoder({
    structuredClone: true,
    useRecords: false,
    mapsAsObjects: true,
    int64AsNumber: true,
    variableMapSize: true,
    tagUint8Array: false,
  }),
};

export const hex = (bytes) => Buffer.from(bytes).toString("hex");
