import {
  hasTr106Validator,
  reportLeftOut,
  validateTr106,
} from "../../test/support/validate-tr106.ts";
import { describe, expect, it } from "vitest";
import { presentedParameters } from "./alias.ts";
import { dataModelDocument, modelFile } from "./data-model-document.ts";
import { dataModelPage } from "./data-model-page.ts";
import { modelObjects } from "./model.ts";

describe("the data-model document", () => {
  const xml = dataModelDocument();

  it("has every object and parameter of the model", () => {
    expect(xml.match(/<object /g)).toHaveLength(modelObjects.length);
    const parameters = modelObjects.flatMap(presentedParameters).length;
    expect(xml.match(/<parameter /g)).toHaveLength(parameters + 1); // and the count of service objects
  });

  it("says what is hidden, deniable, bounded and enumerated", () => {
    expect(xml).toMatch(
      /name="Password" access="readWrite">\s*<description>.*\s*<syntax hidden="true">/,
    );
    expect(xml).toMatch(/name="LifeCount" access="readOnly" activeNotify="canDeny"/);
    expect(xml).toContain('<range minInclusive="-3" maxInclusive="100"/>');
    expect(xml).toContain('<enumeration value="TransferUnit"/>');
  });

  if (hasTr106Validator) {
    it("is valid by the Broadband Forum's schema", () => {
      expect(validateTr106(modelFile, xml)).toMatchObject({ valid: true });
    });
    it("would be found out if it were not", () => {
      const broken = xml.replace('access="readOnly"', 'access="readable"');
      expect(validateTr106(modelFile, broken)).toMatchObject({ valid: false });
    });
  } else reportLeftOut("schema validation of the data-model document");
});

describe("the data-model page", () => {
  it("has a section for every object", () => {
    expect(dataModelPage().match(/^## /gm)).toHaveLength(modelObjects.length + 1);
  });
});
