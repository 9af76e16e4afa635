/**
 * The bytes of an option as DHCP clients write them into text: hexadecimal with or without colons (`1:12:68`), or quoted
 * text with octal escapes.
 */
export function parseOptionValue(value: string): Buffer {
  const quoted = /^(["'])(.*)\1$/s.exec(value.trim())?.[2];
  if (quoted !== undefined && !isHex(quoted)) return unescape(quoted);
  const text = quoted ?? value.trim();
  if (/^[0-9A-Fa-f]{1,2}(:[0-9A-Fa-f]{1,2})+$/.test(text))
    return Buffer.from(text.split(":").map((byte) => Number.parseInt(byte, 16)));
  return isHex(text) ? Buffer.from(text, "hex") : Buffer.from(text, "utf8");
}

function isHex(text: string): boolean {
  return /^([0-9A-Fa-f]{2})+$/.test(text);
}

function unescape(text: string): Buffer {
  return Buffer.from(
    text.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : code,
    ),
    "latin1",
  );
}
