import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { giveFocusBack } from "../src/focus";
import { Scope } from "../src/scope";

/** Stands for one kind of element: it matches the selectors that name it. */
class Widget {
  constructor(
    readonly page: Page,
    readonly names: readonly string[],
  ) {}

  matches(selectors: string): boolean {
    return selectors.split(", ").some((selector) => this.names.includes(selector));
  }

  focus(): void {
    this.page.activeElement = this;
    this.page.dispatchEvent(new Event("focusin"));
  }

  blur(): void {
    this.page.activeElement = null;
  }
}

class Page extends EventTarget {
  activeElement: Widget | null = null;

  click(detail: number): void {
    this.dispatchEvent(Object.assign(new Event("click"), { detail }));
  }

  /** As a browser does it: the focus goes to what is pressed, the click follows the release. */
  clickOn(widget: Widget): void {
    this.dispatchEvent(new Event("pointerdown"));
    if (this.activeElement !== widget) widget.focus();
    this.dispatchEvent(new Event("pointerup"));
    this.click(1);
  }
}

let scope: Scope;
let page: Page;
let button: Widget;
let select: Widget;
let slider: Widget;
let text: Widget;

beforeEach(() => {
  scope = new Scope();
  page = new Page();
  button = new Widget(page, ["button"]);
  select = new Widget(page, ["select"]);
  slider = new Widget(page, ["input[type='range']"]);
  text = new Widget(page, ["input:not([type='range'])"]);
  giveFocusBack(scope, page);
});

afterEach(() => {
  scope.close();
});

describe("the pointer", () => {
  test("leaves no focus on what it clicked, also where the keyboard had put it there", () => {
    page.clickOn(button);
    expect(page.activeElement).toBeNull();
    page.dispatchEvent(new Event("keydown"));
    button.focus();
    page.clickOn(button);
    expect(page.activeElement).toBeNull();
  });

  test("leaves a list its focus until something was chosen in it", () => {
    page.clickOn(select);
    expect(page.activeElement).toBe(select);
    page.dispatchEvent(new Event("change"));
    expect(page.activeElement).toBeNull();
  });

  test("leaves a handle its focus until it is let go", () => {
    page.dispatchEvent(new Event("pointerdown"));
    slider.focus();
    expect(page.activeElement).toBe(slider);
    page.dispatchEvent(new Event("pointerup"));
    page.dispatchEvent(new Event("change"));
    expect(page.activeElement).toBeNull();
  });

  test("leaves a field to type into its focus", () => {
    page.clickOn(text);
    expect(page.activeElement).toBe(text);
  });

  test("does not take the focus that is given when it has been let go", () => {
    page.clickOn(button);
    button.focus();
    expect(page.activeElement).toBe(button);
  });
});

describe("the keyboard", () => {
  test("keeps its focus through the clicks and changes that it makes", () => {
    page.clickOn(button);
    page.dispatchEvent(new Event("keydown"));
    button.focus();
    page.click(0);
    expect(page.activeElement).toBe(button);
    select.focus();
    page.dispatchEvent(new Event("change"));
    expect(page.activeElement).toBe(select);
  });
});

test("a pointer let go outside the frame does not take what the keyboard focuses later", () => {
  page.dispatchEvent(new Event("pointerdown"));
  page.dispatchEvent(new Event("keydown"));
  button.focus();
  expect(page.activeElement).toBe(button);
});

test("a closed scope leaves the focus alone", () => {
  scope.close();
  page.clickOn(button);
  expect(page.activeElement).toBe(button);
});
