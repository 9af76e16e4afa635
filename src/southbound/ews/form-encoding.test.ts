import { describe, expect, it } from "vitest";
import { encodeMultipart, encodeTextForm, encodeUrlForm, urlQuery } from "./form-encoding.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

describe("a form", () => {
  it("is encoded as browsers do, repeated names and line ends included", () => {
    const { type, bytes } = encodeUrlForm([
      ["a b", "1&2=3"],
      ["t", "x\ny"],
      ["t", "Süd"],
      ["plain", "*-._~"],
    ]);
    expect(type).toBe("application/x-www-form-urlencoded");
    expect(text(bytes)).toBe("a+b=1%262%3D3&t=x%0D%0Ay&t=S%C3%BCd&plain=*-._%7E");
  });

  it("is sent in the character set of its page; what that lacks becomes a reference", () => {
    expect(urlQuery([["n", "Süd?"]], "windows-1252")).toBe("n=S%FCd%3F");
    expect(urlQuery([["n", "日本"]], "shift_jis")).toBe("n=%93%FA%96%7B");
    expect(urlQuery([["n", "日"]], "windows-1252")).toBe("n=%26%2326085%3B");
  });

  it("goes in parts when the page says so", () => {
    const { type, bytes } = encodeMultipart([
      ['a"b', "1"],
      ["c", "x\ny"],
    ]);
    const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? "";
    expect(text(bytes).split(`--${boundary}`)).toEqual([
      "",
      '\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\n1\r\n',
      '\r\nContent-Disposition: form-data; name="c"\r\n\r\nx\r\ny\r\n',
      "--\r\n",
    ]);
    expect(text(encodeTextForm([["a", "b c"]]).bytes)).toBe("a=b c\r\n");
  });
});
