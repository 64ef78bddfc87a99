// Persons' objects that cannot be reached: they fail, and that of "mute" never answers.

import { DurableObject } from "cloudflare:workers";

export class PersonObject extends DurableObject {
  async fetch() {
    if (this.ctx.id.name === "mute") await scheduler.wait(3_600_000);
    throw new Error("out of reach");
  }
}

export default {};
