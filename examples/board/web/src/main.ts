import hub from "../pkg/hub.js?url";
import wasm from "../pkg/board_bg.wasm?url";
import { connect } from "../pkg/tab.js";
import { BoardView } from "./board";
import { el } from "./dom";
import { type Visitor, askForName } from "./login";
import { logOut, whoIsHere } from "./session";
import { inWords } from "./words";

/** How often the server is asked, while there is no connection, whether the session is over. */
const LOOK_MILLIS = 3_000;

async function start(): Promise<void> {
  const { person, name } = await visitor();
  await connect({ hub, wasm });
  const board = new BoardView(person, name, {
    connected: watchSession(person),
    personChanged: startAnew,
    logOut: async () => {
      await logOut();
      startAnew();
    },
  });
  document.body.replaceChildren(board.element);
}

async function visitor(): Promise<Visitor> {
  const person = await whoIsHere();
  return person === undefined ? askForName() : { person, name: person };
}

/**
 * A connection that is gone may be so because somebody logged out, in this tab or another one: then the page goes
 * back to the login.
 */
function watchSession(person: string): (connected: boolean) => void {
  let looking: ReturnType<typeof setInterval> | undefined;
  const look = async (): Promise<void> => {
    const here = await whoIsHere().catch(() => person);
    if (here !== person) {
      startAnew();
    }
  };
  return (connected) => {
    if (connected) {
      clearInterval(looking);
      looking = undefined;
    } else if (looking === undefined) {
      looking = setInterval(look, LOOK_MILLIS);
      void look();
    }
  };
}

/** Nothing of what one person saw stays in the page for the next. */
function startAnew(): void {
  location.reload();
}

function giveUp(error: unknown): void {
  const again = el("button", { className: "primary" }, "Try again");
  again.addEventListener("click", startAnew);
  const problem = el("p", { className: "problem", role: "alert", testid: "start-problem" }, inWords(error));
  const box = el("div", { className: "login" }, problem, again);
  document.body.replaceChildren(el("main", { className: "welcome" }, box));
}

start().catch(giveUp);
