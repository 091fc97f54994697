"""The law of what is read or clicked: each within the page, whole, and beside the others."""

from __future__ import annotations

from itertools import combinations

from .panel import Panel

# As much of each as what it scrolls in shows; while a dialog is open, the dialog's own. What floats above the grid to
# find a filter covers it on purpose, and what has its whole text in its title may be cut.
_CONTROLS = """() => {
  const scrolls = element => element !== null && (
    /auto|scroll/.test(getComputedStyle(element).overflowY) ? element : scrolls(element.parentElement));
  const within = document.querySelector("dialog[open]") ?? document.querySelector(".app");
  return [...within.querySelectorAll(
    "button, select, input, output, h2, .epoch-readout:not(.longest) > *, .time, .caption, .scale > span, .sentence, "
    + ".head > span, .bars li:not(.lengths)"
  )].filter(element => element.checkVisibility({ visibilityProperty: true }))
    .filter(element => !element.matches("dialog h2, .find *, .visually-hidden")).flatMap(element => {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    if (right - left <= 1) return [];
    for (let area = scrolls(element.parentElement); area; area = scrolls(area.parentElement)) {
      const box = area.getBoundingClientRect();
      [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
    }
    if (bottom <= top) return [];
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
    const cut = scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;
    const [text, title] = [element.textContent, element.title];
    const told = title !== "" && (text.startsWith(title) || title.startsWith(text));
    const name = element.ariaLabel || element.dataset.testid || element.textContent || element.className;
    return [{ name, box: [left, top, right, bottom], cut: cut && !told && !element.matches("select, input") }];
  });
}"""


# Words that their own box cuts, by its width or its height, and that are whole in no title.
_CUT = """() => {
  // An arrow before a class is no part of its name.
  const plain = text => text.replace(/\\s+/g, " ").replace("\N{RIGHTWARDS ARROW}", "").trim();
  const ownText = element => plain([...element.childNodes].map(node => node.data ?? "").join(""));
  const within = document.querySelector("dialog[open]") ?? document.querySelector(".app");
  return [...within.querySelectorAll("*")].filter(element => {
    if (ownText(element) === "" || !element.checkVisibility({ visibilityProperty: true })) return false;
    const { overflowX, overflowY, clipPath } = getComputedStyle(element);
    const across = overflowX === "hidden" && element.scrollWidth > element.clientWidth + 1;
    const down = overflowY === "hidden" && element.scrollHeight > element.clientHeight + 1;
    if (clipPath !== "none" || !(across || down)) return false;
    return !plain(element.closest("[title]")?.title ?? "").includes(ownText(element));
  }).map(element => `${element.dataset.testid ?? element.className}: ${ownText(element)}`);
}"""


# The type scale: axes and marks, notes and lists, the rest, titles, the one headline.
SIZES = (11, 12, 13, 15, 20)
_TYPE = """sizes => [...document.querySelectorAll("*")].filter(element =>
  [...element.childNodes].some(({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim() !== "")
  && !element.matches("script, style, option, .visually-hidden") && element.checkVisibility()
  && !sizes.includes(parseFloat(getComputedStyle(element).fontSize))
).map(element => `${element.textContent} has ${getComputedStyle(element).fontSize}`)"""


def misplaced(panel: Panel, width: int, height: int) -> list[str]:
    """What breaks the law in a page of this size."""
    problems = [f"{words} is cut off, and whole in no title" for words in panel.frame.evaluate(_CUT)]
    problems += panel.frame.evaluate(_TYPE, SIZES)
    found = panel.frame.evaluate(_CONTROLS)
    assert found
    for control in found:
        left, top, right, bottom = control["box"]
        if min(left, top) < -0.5 or right > width + 0.5 or bottom > height + 0.5:
            problems.append(f"{control} reaches out of {width} x {height}")
        if control["cut"]:
            problems.append(f"{control} is cut off")
    for one, other in combinations(found, 2):
        (left, top, right, bottom), (a, b, c, d) = one["box"], other["box"]
        if min(right, c) - max(left, a) > 0.5 and min(bottom, d) - max(top, b) > 0.5:
            problems.append(f"{one} lies on {other}")
    return problems
