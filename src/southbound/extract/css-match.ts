import type { Combinator, CssSelector, CssState, CssTest } from "./css-selector.ts";
import { collapseBlanks } from "./text.ts";
import { type Markup, type MarkupElement, siblingsOf } from "./markup.ts";
import type { Work } from "./work.ts";

/**
 * Elements a selector finds within `scope` (the scope itself only by `:scope`), in document order. Each step is one
 * pass over the elements, so that time grows with elements times steps, however the page is built.
 */
export function matchCss(
  alternatives: readonly CssSelector[],
  markup: Markup,
  scope: MarkupElement | undefined,
  work: Work,
): readonly MarkupElement[] {
  const field = new Field(markup, scope, work);
  const found = field.union(alternatives.map((selector) => field.select(selector)));
  const wantsScope = alternatives.some(endsInScope);
  return field.elements.filter(
    (element, at) => found[at] === 1 && (element !== scope || wantsScope),
  );
}

function endsInScope({ steps }: CssSelector): boolean {
  return (
    steps.at(-1)?.tests.some((test) => test.kind === "state" && test.state === "scope") === true
  );
}

/** Which elements of a field are in a set, by position: 1 or 0. */
type Marks = Uint8Array;
type Predicate = (element: MarkupElement, at: number) => boolean;

/** A part of a page, and sets of its elements. */
class Field {
  readonly elements: readonly MarkupElement[];
  readonly #markup: Markup;
  readonly #scope: MarkupElement | undefined;
  readonly #work: Work;
  readonly #first: number;

  constructor(markup: Markup, scope: MarkupElement | undefined, work: Work) {
    this.#markup = markup;
    this.#scope = scope;
    this.#work = work;
    this.#first = scope?.index ?? 0;
    this.elements =
      scope === undefined ? markup.elements : markup.elements.slice(scope.index, scope.last + 1);
  }

  union(sets: readonly Marks[]): Marks {
    const [only] = sets;
    if (only !== undefined && sets.length === 1) return only;
    return this.#marks((_element, at) => sets.some((set) => set[at] === 1));
  }

  select({ steps, isRelative }: CssSelector): Marks {
    let found: Marks | undefined = isRelative ? this.#start() : undefined;
    for (const { combinator, tests } of steps) {
      const reached = found === undefined ? undefined : this.#reach(combinator, found);
      const predicate = this.#allOf(tests);
      found = this.#marks((element, at) => reached?.[at] !== 0 && predicate(element, at));
    }
    return found ?? this.#empty();
  }

  /** Where a relative selector starts: the scope, or at the top of a page nothing. */
  #start(): Marks {
    return this.#marks((element) => element === this.#scope);
  }

  #empty(): Marks {
    this.#work.spend(this.elements.length);
    return new Uint8Array(this.elements.length);
  }

  #marks(predicate: Predicate): Marks {
    const marks = this.#empty();
    this.elements.forEach((element, at) => {
      if (predicate(element, at)) marks[at] = 1;
    });
    return marks;
  }

  /** Position in the field; -1 for elements outside and for none. */
  #at(element: MarkupElement | undefined): number {
    return element === undefined ? -1 : element.index - this.#first;
  }

  /** Elements the combinator leads to from `from`; parents and earlier siblings are decided before. */
  #reach(combinator: Combinator, from: Marks): Marks {
    const reached = this.#empty();
    for (const [at, element] of this.elements.entries()) {
      const before = this.#at(
        combinator === "descendant" || combinator === "child" ? element.parent : element.previous,
      );
      if (before < 0) continue;
      const goesOn = combinator === "descendant" || combinator === "sibling";
      if (from[before] === 1 || (goesOn && reached[before] === 1)) reached[at] = 1;
    }
    return reached;
  }

  /** The other way round: elements from which the combinator leads to one of `to`. */
  #reachBack(combinator: Combinator, to: Marks): Marks {
    const reached = this.#empty();
    const goesOn = combinator === "descendant" || combinator === "sibling";
    for (let at = this.elements.length - 1; at >= 0; at--) {
      const element = this.elements[at];
      if (to[at] !== 1 && !(goesOn && reached[at] === 1)) continue;
      const before = this.#at(
        combinator === "descendant" || combinator === "child" ? element?.parent : element?.previous,
      );
      if (before >= 0) reached[before] = 1;
    }
    return reached;
  }

  /** Elements that have what the relative selector names. */
  #having({ steps }: CssSelector): Marks {
    let reached: Marks | undefined;
    for (const { combinator, tests } of steps.toReversed()) {
      const predicate = this.#allOf(tests);
      const reachedNow = reached;
      const found = this.#marks((element, at) => reachedNow?.[at] !== 0 && predicate(element, at));
      reached = this.#reachBack(combinator, found);
    }
    return reached ?? this.#empty();
  }

  #allOf(tests: readonly CssTest[]): Predicate {
    const predicates = tests.map((test) => this.#predicate(test));
    return (element, at) => predicates.every((predicate) => predicate(element, at));
  }

  #predicate(test: CssTest): Predicate {
    switch (test.kind) {
      case "tag": {
        const name = this.#markup.kind === "html" ? test.name.toLowerCase() : test.name;
        return (element) => element.name === name;
      }
      case "attribute":
        return attributePredicate(test, this.#markup.kind);
      case "is":
      case "not": {
        const set = this.union(test.selectors.map((selector) => this.select(selector)));
        const wanted = test.kind === "is" ? 1 : 0;
        return (_element, at) => set[at] === wanted;
      }
      case "has": {
        const set = this.union(test.selectors.map((selector) => this.#having(selector)));
        return (_element, at) => set[at] === 1;
      }
      case "nth":
        return this.#nth(test);
      case "contains":
        return this.#containing(test.text);
      case "state":
        return (element) => this.#isInState(element, test.state);
    }
  }

  #nth(test: Extract<CssTest, { kind: "nth" }>): Predicate {
    const numbers = test.ofType ? this.#numbersOfType(test.fromEnd) : undefined;
    return (element, at) => {
      const number =
        numbers?.[at] ??
        (test.fromEnd
          ? siblingsOf(this.#markup, element).length - element.position
          : element.position + 1);
      const distance = number - test.offset;
      if (test.step === 0) return distance === 0;
      return distance % test.step === 0 && distance / test.step >= 0;
    };
  }

  /** For each element its number among siblings of the same name, from 1. */
  #numbersOfType(fromEnd: boolean): Uint32Array {
    this.#work.spend(this.elements.length);
    const numbers = new Uint32Array(this.elements.length);
    const counts = new Map<MarkupElement | undefined, Map<string, number>>();
    const order = [...this.elements.keys()];
    if (fromEnd) order.reverse();
    for (const at of order) {
      const element = this.elements[at];
      if (element === undefined) continue;
      const ofParent = counts.get(element.parent) ?? new Map<string, number>();
      counts.set(element.parent, ofParent);
      const number = (ofParent.get(element.name) ?? 0) + 1;
      ofParent.set(element.name, number);
      numbers[at] = number;
    }
    return numbers;
  }

  /** Starts never go back in document order, so one search runs through the text once. */
  #containing(text: string): Predicate {
    const wanted = collapseBlanks(text).trim();
    const { text: all } = this.#markup;
    let searchedFrom = Number.POSITIVE_INFINITY;
    let found = -1;
    return ({ start, end }) => {
      if (start < searchedFrom || (found !== -1 && found < start)) {
        searchedFrom = start;
        found = all.indexOf(wanted, start);
      }
      return found !== -1 && found + wanted.length <= end;
    };
  }

  #isInState(element: MarkupElement, state: CssState): boolean {
    const { attributes } = element;
    switch (state) {
      case "root":
        return element.parent === undefined;
      case "scope":
        return this.#scope === undefined ? element.parent === undefined : element === this.#scope;
      case "empty":
        return element.children.length === 0 && element.ownTexts.length === 0;
      case "checked":
        return attributes.has(element.name === "option" ? "selected" : "checked");
      case "disabled":
        return attributes.has("disabled");
      case "enabled":
        return !attributes.has("disabled");
    }
  }
}

function attributePredicate(
  test: Extract<CssTest, { kind: "attribute" }>,
  kind: Markup["kind"],
): Predicate {
  const fold = (text: string) => (test.ignoresCase ? text.toLowerCase() : text);
  const name = kind === "html" ? test.name.toLowerCase() : test.name;
  const wanted = fold(test.value);
  return ({ attributes }) => {
    const value = attributes.get(name);
    if (value === undefined) return test.action === "not";
    return isAttribute(fold(value), test.action, wanted);
  };
}

function isAttribute(
  value: string,
  action: Extract<CssTest, { kind: "attribute" }>["action"],
  wanted: string,
): boolean {
  switch (action) {
    case "exists":
      return true;
    case "equals":
      return value === wanted;
    case "not":
      return value !== wanted;
    case "word":
      return wanted !== "" && value.split(/\s+/).includes(wanted);
    case "hyphen":
      return value === wanted || value.startsWith(`${wanted}-`);
    case "start":
      return wanted !== "" && value.startsWith(wanted);
    case "end":
      return wanted !== "" && value.endsWith(wanted);
    case "any":
      return wanted !== "" && value.includes(wanted);
  }
}
