// A Person's object that cannot be reached.

import { DurableObject } from "cloudflare:workers";

export class PersonObject extends DurableObject {
  fetch() {
    throw new Error("out of reach");
  }
}

export default {};
