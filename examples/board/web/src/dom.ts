/** The little that a page needs beside the DOM itself. */

type Properties<K extends keyof HTMLElementTagNameMap> = Partial<HTMLElementTagNameMap[K]> & {
  /** By which tests find it. */
  testid?: string;
};

/** Makes an element with its properties and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { testid, ...properties }: Properties<K> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  if (testid !== undefined) {
    element.dataset["testid"] = testid;
  }
  element.append(...children);
  return element;
}

/**
 * Makes `children` the children of `parent`. Those that stay in their place are not touched, since an element that is
 * moved loses what it is scrolled to and selected.
 */
export function arrange(parent: Element, children: readonly Element[]): void {
  keepFocus(() => {
    const wanted = new Set(children);
    for (const child of [...parent.children]) {
      if (!wanted.has(child)) {
        child.remove();
      }
    }
    let next = parent.firstElementChild;
    for (const child of children) {
      if (child === next) {
        next = next.nextElementSibling;
      } else {
        parent.insertBefore(child, next);
      }
    }
  });
}

/** Gives the focus back to the element that had it, should `work` have moved that one elsewhere. */
export function keepFocus(work: () => void): void {
  const focused = document.activeElement;
  work();
  if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) {
    focused.focus();
  }
}

/** Keeps one item per key, in the order of the keys; `forget` takes leave of the others. */
export function keyed<T>(
  items: Map<string, T>,
  keys: Iterable<string>,
  make: (key: string) => T,
  forget: (item: T) => void = () => {},
): T[] {
  const wanted = new Set(keys);
  for (const [key, item] of items) {
    if (!wanted.has(key)) {
      items.delete(key);
      forget(item);
    }
  }
  return [...wanted].map((key) => {
    const item = items.get(key) ?? make(key);
    items.set(key, item);
    return item;
  });
}

/** Writes a text only where it differs, so that a selection in it stays. */
export function showText(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * Binds a text input: every keystroke goes to `write`, and the function returned shows what the value is now. The
 * input holds nothing of its own, except while an input method composes a character.
 */
export function liveText(
  input: HTMLInputElement | HTMLTextAreaElement,
  write: (text: string) => void,
): (text: string) => void {
  let composing = false;
  const send = (): void => {
    if (!composing) {
      write(input.value);
    }
  };
  input.addEventListener("input", send);
  input.addEventListener("compositionstart", () => {
    composing = true;
  });
  input.addEventListener("compositionend", () => {
    composing = false;
    send();
  });
  return (text) => {
    if (!composing && input.value !== text) {
      replaceText(input, text);
    }
  };
}

/** Puts another text into an input; the caret stays with the letters that it stands at. */
function replaceText(input: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const before = input.value;
  const { selectionStart, selectionEnd, selectionDirection } = input;
  input.value = text;
  if (document.activeElement !== input || selectionStart === null || selectionEnd === null) {
    return;
  }
  const follow = (caret: number): number => {
    const behind = before.slice(caret);
    const stays = text.startsWith(before.slice(0, caret)) || !text.endsWith(behind);
    return Math.min(stays ? caret : text.length - behind.length, text.length);
  };
  input.setSelectionRange(follow(selectionStart), follow(selectionEnd), selectionDirection ?? "none");
}
