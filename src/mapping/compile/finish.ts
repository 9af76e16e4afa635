import type { ModelValue, ParameterDefinition } from "../../model/definition.ts";
import { checkValue, fitText } from "../../model/values.ts";
import { Missing, type Outcome, wholeNumber } from "../evaluate/datum.ts";
import type { Run } from "../evaluate/run.ts";

/** Turns the outcome of a source into a value the model allows, or says why it cannot be one. */
export type Finish = (outcome: Outcome, run: Run) => ModelValue | Missing;

/** Compiles the last step of a parameter: type, range, words and length of its definition. */
export function compileFinish(definition: ParameterDefinition): Finish {
  switch (definition.type) {
    case "boolean":
      return finishBoolean;
    case "string":
      return definition.enumeration === undefined
        ? finishText(definition)
        : finishChecked(definition);
    case "dateTime":
      return finishChecked(definition);
    default:
      return finishNumber(definition);
  }
}

/** Fits every whole number type of the model. */
const largestInt = 2_147_483_647;

const notBoolean = new Missing("neither true nor false");
const notNumber = new Missing("not a whole number");

function finishBoolean(outcome: Outcome, run: Run): ModelValue | Missing {
  if (outcome instanceof Missing || typeof outcome === "boolean") return outcome;
  const text = run.text(outcome);
  return text === "true" ? true : text === "false" ? false : notBoolean;
}

function finishText(definition: ParameterDefinition): Finish {
  return (outcome, run) =>
    outcome instanceof Missing ? outcome : fitText(definition, run.text(outcome));
}

function finishChecked(definition: ParameterDefinition): Finish {
  const words = new Set(definition.list === true ? [] : definition.enumeration);
  return (outcome, run) => {
    if (outcome instanceof Missing) return outcome;
    const text = run.text(outcome);
    if (words.has(text)) return text;
    const check = checkValue(definition, text);
    return check.ok ? check.value : new Missing(check.text);
  };
}

function finishNumber(definition: ParameterDefinition): Finish {
  // Small whole numbers within the definition's own bounds need no further check.
  const lowest = Math.max(definition.minimum ?? 0, 0);
  const highest = Math.min(definition.maximum ?? largestInt, largestInt);
  return (outcome, run) => {
    if (outcome instanceof Missing) return outcome;
    const number = wholeNumber(outcome instanceof Uint8Array ? run.text(outcome) : outcome);
    if (number === undefined) return notNumber;
    if (number >= lowest && number <= highest && Number.isInteger(number)) return number;
    const check = checkValue(definition, number);
    return check.ok ? check.value : new Missing(check.text);
  };
}
