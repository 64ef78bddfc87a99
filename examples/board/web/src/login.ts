import { el, showText } from "./dom";
import { logIn, whoIsHere } from "./session";
import { inWords } from "./words";

/** Who is logged in: the id, and the name as that person writes it. */
export interface Visitor {
  readonly person: string;
  readonly name: string;
}

/** Asks for a name until there is a session; resolves with who it is of. */
export function askForName(): Promise<Visitor> {
  const { promise, resolve } = Promise.withResolvers<Visitor>();
  const name = el("input", {
    testid: "login-name",
    name: "name",
    required: true,
    maxLength: 64,
    autocomplete: "username",
  });
  const button = el("button", { testid: "login", className: "primary" }, "Log in");
  const problem = el("p", { testid: "login-problem", className: "problem", role: "alert" });
  const form = el(
    "form",
    { className: "login", testid: "login-form" },
    el("h1", {}, "Board"),
    el("p", {}, "One board, everybody at once. Say who you are; a name is enough here."),
    el("label", {}, "Your name", name),
    button,
    problem,
  );
  const leave = (person: string, written: string): void => {
    removeEventListener("focus", look);
    resolve({ person, name: written });
  };
  // Another tab may have logged in meanwhile.
  const look = async (): Promise<void> => {
    const person = await whoIsHere().catch(() => undefined);
    if (person !== undefined) {
      leave(person, person);
    }
  };
  addEventListener("focus", look);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    showText(problem, "");
    try {
      const written = name.value.trim();
      leave(await logIn(written), written);
    } catch (error) {
      showText(problem, inWords(error));
    } finally {
      button.disabled = false;
    }
  });
  document.body.replaceChildren(el("main", { className: "welcome" }, form));
  name.focus();
  return promise;
}
