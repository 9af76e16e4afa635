import { deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BesiegedBox } from "./besieged-box.ts";
import {
  type Step,
  type Trick,
  envelope,
  hangUp,
  http,
  inTurns,
  noContent,
  welcome,
} from "./hostile-acs.ts";

let besieged: BesiegedBox;
beforeAll(async () => {
  besieged = await BesiegedBox.open({ responseTimeoutMs: 400 });
});
afterAll(() => besieged.close());

const mebibyte = 1024 * 1024;
const anyRequest = envelope({ method: "GetRPCMethods" }, { id: "x" });

/** Plays `step` as the answer to the Inform, and in another session as the answer to the empty POST. */
async function atBothTurns(step: Step, code: string): Promise<void> {
  await besieged.withstands(inTurns(step), `cwmp.${code}`);
  await besieged.withstands(inTurns(welcome, step), `cwmp.${code}`);
}

function head(...lines: readonly string[]): string {
  return ["HTTP/1.1 200 OK", ...lines].join("\r\n") + "\r\n\r\n";
}

/** Bytes after bytes, so many milliseconds apart, until the CPE hangs up. */
function drip(first: string, everyMs: number): Trick {
  return (_request, socket) => {
    socket.write(first);
    const timer = setInterval(() => {
      if (socket.writable) socket.write("x");
    }, everyMs);
    socket.once("close", () => {
      clearInterval(timer);
    });
  };
}

/** The same bytes over and over, 64 KiB a turn of the event loop, until the CPE hangs up. */
function flood(first: string, bytes: Buffer): Trick {
  const block = Buffer.concat(Array<Buffer>(Math.ceil(65_536 / bytes.length)).fill(bytes));
  return (_request, socket) => {
    const pour = (): void => {
      if (socket.writable) socket.write(block, () => setImmediate(pour));
    };
    socket.write(first);
    pour();
  };
}

describe("an answer that is no good HTTP ends the session", () => {
  const short = "<Envelope/>";
  const cases: readonly (readonly [string, string, Step])[] = [
    ["no HTTP at all", "bad-response", "220 ftp.example.net ready\r\n"],
    ["a TLS alert", "bad-response", Buffer.from("15030100020228", "hex")],
    ["a status line of HTTP/9.9", "bad-response", "HTTP/9.9 200 OK\r\n\r\n"],
    ["a status of five digits", "bad-response", "HTTP/1.1 20000 OK\r\nContent-Length: 0\r\n\r\n"],
    ["HTTP status 999", "http-status", http("", { status: "999 Strange" })],
    [
      "HTTP status 500 with a page",
      "http-status",
      http("x".repeat(mebibyte), { status: "500 No" }),
    ],
    ["HTTP status 304", "http-status", "HTTP/1.1 304 Not Modified\r\n\r\n"],
    ["HTTP status 206", "http-status", http(short, { status: "206 Partial" })],
    ["HTTP status 407", "http-status", http("", { status: "407 Proxy" })],
    ["Content-Length that is negative", "bad-response", head("Content-Length: -1")],
    ["Content-Length that is no number", "bad-response", head("Content-Length: 0x10") + short],
    ["Content-Length beyond any number", "bad-response", head(`Content-Length: ${"9".repeat(40)}`)],
    [
      "two Content-Lengths that differ",
      "bad-response",
      head("Content-Length: 1", "Content-Length: 11") + short,
    ],
    [
      "Content-Length and chunks together",
      "bad-response",
      `${head("Content-Length: 11", "Transfer-Encoding: chunked")}0\r\n\r\n`,
    ],
    [
      "Content-Length larger than the body, then hanging up",
      "acs-unreachable",
      hangUp(head("Content-Length: 5000") + short),
    ],
    ["Content-Length larger than the body, then silence", "timeout", head("Content-Length: 5000")],
    [
      "Content-Length smaller than the body",
      "bad-response",
      head("Content-Length: 5") + envelope({ method: "InformResponse" }),
    ],
    ["garbage behind it", "bad-response", `${http(anyRequest).toString()}\0\0junk`],
    [
      "Content-Length of 9 GB",
      "response-too-large",
      flood(head("Content-Length: 9000000000"), Buffer.alloc(65_536, "x")),
    ],
    ["chunks without a size", "bad-response", `${head("Transfer-Encoding: chunked")}zz\r\nabc`],
    [
      "a chunk larger than any number",
      "bad-response",
      `${head("Transfer-Encoding: chunked")}${"f".repeat(30)}\r\n`,
    ],
    [
      "a chunk that is longer than it said",
      "bad-response",
      `${head("Transfer-Encoding: chunked")}2\r\nabcdef\r\n`,
    ],
    [
      "chunks without end",
      "response-too-large",
      flood(head("Transfer-Encoding: chunked"), Buffer.from(`8000\r\n${"x".repeat(0x80_00)}\r\n`)),
    ],
    [
      "chunk extensions without end",
      "bad-response",
      flood(`${head("Transfer-Encoding: chunked")}1;`, Buffer.alloc(4_096, "a")),
    ],
    [
      "trailers without end",
      "bad-response",
      flood(`${head("Transfer-Encoding: chunked")}0\r\n`, Buffer.from("X-Trailer: 1\r\n")),
    ],
    ["one header of 40 kB", "bad-response", head(`X-Long: ${"x".repeat(40_000)}`)],
    [
      "headers without end",
      "bad-response",
      flood("HTTP/1.1 200 OK\r\n", Buffer.from("X-Header: value\r\n".repeat(100))),
    ],
    ["a header with a zero byte", "bad-response", head("X-Zero: \0")],
    ["silence", "timeout", () => undefined],
    ["silence after half a status line", "timeout", "HTTP/1.1 2"],
    ["a header, a byte every 20 ms", "timeout", drip("HTTP/1.1 200 OK\r\nX-Slow: ", 20)],
    ["a body, a byte every 20 ms", "timeout", drip(head("Content-Length: 100000"), 20)],
    ["interim answers without end", "timeout", flood("", Buffer.from("HTTP/1.1 100 Go\r\n\r\n"))],
    [
      "a switch of protocols",
      "bad-response",
      "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ],
    ["hanging up without a word", "acs-unreachable", hangUp()],
    [
      "an encoding nobody asked for",
      "bad-response",
      http(short, { headers: ["Content-Encoding: br"] }),
    ],
    [
      "two encodings on top of each other",
      "bad-response",
      http(gzipSync(gzipSync(anyRequest)), { headers: ["Content-Encoding: gzip, gzip"] }),
    ],
    [
      "gzip that is none",
      "bad-response",
      http(anyRequest, { headers: ["Content-Encoding: gzip"] }),
    ],
    [
      "gzip cut off",
      "bad-response",
      http(gzipSync(anyRequest).subarray(0, 80), { headers: ["Content-Encoding: gzip"] }),
    ],
    [
      "a character set nobody knows",
      "bad-response",
      head("Content-Type: text/xml; charset=klingon", "Content-Length: 4") + "<a/>",
    ],
  ];
  for (const [what, code, step] of cases) {
    it(`${what}: ${code}`, async () => {
      await atBothTurns(step, code);
    });
  }

  it("one GB of zeros in a megabyte of gzip or deflate: response-too-large, in little memory", async () => {
    const zeros = Buffer.alloc(256 * mebibyte);
    for (const [name, bomb] of [
      ["gzip", gzipSync(zeros)],
      ["deflate", deflateSync(zeros)],
    ] as const) {
      const bytes = http(bomb, { headers: [`Content-Encoding: ${name}`] });
      const before = process.memoryUsage().rss;
      await atBothTurns(bytes, "response-too-large");
      expect(process.memoryUsage().rss - before).toBeLessThan(64 * mebibyte);
    }
  });
});

describe("an answer that is odd but understandable goes on", () => {
  /** What an honest ACS says, sent by `send`. */
  const oddly = (send: (body: string, socket: Parameters<Trick>[1]) => void): Trick =>
    inTurns(({ id }, socket) => {
      send(envelope({ method: "InformResponse" }, { id }), socket);
    }, noContent);
  const cases: readonly (readonly [string, Trick])[] = [
    [
      "HTTP/1.0, ended by closing",
      oddly((body, socket) => socket.end(`HTTP/1.0 200 OK\r\n\r\n${body}`)),
    ],
    [
      "keep-alive promised and closed at once",
      oddly((body, socket) => socket.end(http(body, { headers: ["Connection: keep-alive"] }))),
    ],
    [
      "close announced, but left open",
      oddly((body, socket) => socket.write(http(body, { headers: ["Connection: close"] }))),
    ],
    [
      "keep-alive for no time at all",
      oddly((body, socket) => socket.write(http(body, { headers: ["Keep-Alive: timeout=0"] }))),
    ],
    [
      "a thousand interim answers before it",
      oddly((body, socket) => {
        socket.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(1_000));
        socket.write(http(body));
      }),
    ],
    [
      "chunks of one byte",
      oddly((body, socket) => {
        const chunks = [...Buffer.from(body)].map((byte) =>
          Buffer.concat([Buffer.from("1\r\n"), Buffer.of(byte), Buffer.from("\r\n")]),
        );
        socket.write(head("Transfer-Encoding: chunked"));
        socket.write(Buffer.concat([...chunks, Buffer.from("0\r\n\r\n")]));
      }),
    ],
    [
      "a second answer nobody asked for behind it",
      oddly((body, socket) => socket.write(Buffer.concat([http(body), http(body)]))),
    ],
    [
      "text in Latin-1, said so",
      oddly((body, socket) => {
        const bytes = Buffer.from(body.replace("UTF-8", "ISO-8859-1"), "latin1");
        socket.write(
          head("Content-Type: text/xml; charset=ISO-8859-1", `Content-Length: ${bytes.length}`),
        );
        socket.write(bytes);
      }),
    ],
    [
      "bytes in it that are no UTF-8",
      oddly((body, socket) => {
        const bytes = Buffer.from(
          body.replace("</soap-env:Header>", "<x>\u00ff\u00fe</x></soap-env:Header>"),
          "latin1",
        );
        socket.write(Buffer.concat([Buffer.from(head(`Content-Length: ${bytes.length}`)), bytes]));
      }),
    ],
    [
      "a thousand cookies, long ones, foreign ones and no cookies at all",
      oddly((body, socket) => {
        const cookies = Array.from({ length: 1_000 }, (_, index) => `Set-Cookie: c${index}=1`);
        const strange = [
          `Set-Cookie: long=${"x".repeat(5_000)}`,
          "Set-Cookie: evil=1; Domain=example.com",
          "Set-Cookie: ; =; ;;;",
          "Set-Cookie: __proto__=1; Max-Age=99999999999999999999; Expires=never; Path=\\",
        ];
        socket.write(http(body, { headers: [...strange, ...cookies] }));
      }),
    ],
  ];
  for (const [what, trick] of cases) {
    it(what, async () => {
      const { posts } = await besieged.withstands(trick, undefined);
      for (const post of posts) expect(post.head.length).toBeLessThan(2_000);
    });
  }

  it("cookies in every answer of a long session do not add up", async () => {
    let count = 0;
    const trick: Trick = (request, socket) => {
      if (request.turn > 200) socket.write(noContent);
      else if (request.turn === 0) welcome(request, socket);
      else {
        const headers = Array.from({ length: 100 }, () => `Set-Cookie: c${(count += 1)}=1`);
        socket.write(http(anyRequest, { headers }));
      }
    };
    const { posts } = await besieged.withstands(trick, undefined);
    expect(posts.at(-1)?.head.length).toBeLessThan(2_000);
  });
});

describe("redirects", () => {
  const redirect = (location: string, status = "307 Elsewhere"): Buffer =>
    http("", { status, headers: [`Location: ${location}`] });

  it("to itself for ever: redirect-limit, after five", async () => {
    for (const status of ["301 A", "302 B", "307 C", "308 D"]) {
      const trick = inTurns(redirect("/cwmp?again", status));
      const { posts } = await besieged.withstands(trick, "cwmp.redirect-limit");
      expect(posts).toHaveLength(6);
    }
  });

  it("in the midst of the session for ever: redirect-limit", async () => {
    await besieged.withstands(inTurns(welcome, redirect("/elsewhere")), "cwmp.redirect-limit");
  });

  const refused = [
    "ftp://127.0.0.1/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/xml,<a/>",
    "gopher://127.0.0.1:25/_HELO",
    "http://",
    "",
    "//",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://0xa9fea9fe/",
    "http://2852039166/",
    "http://localhost:1/",
  ];
  for (const location of refused) {
    it(`to "${location}": redirect-refused`, async () => {
      await atBothTurns(redirect(location), "redirect-refused");
    });
  }

  it("to a port where nobody listens: acs-unreachable, and the next session goes to the configured URL", async () => {
    await atBothTurns(redirect("http://127.0.0.1:1/"), "acs-unreachable");
  });

  it("carry no user name of the ACS's choosing", async () => {
    const { posts } = await besieged
      .withstands(
        inTurns(redirect(`http://evil:pw@${new URL(besieged.acs.url).host}/x`), welcome, noContent),
        "cwmp.redirect-limit",
      )
      .catch(() => ({ posts: [] }));
    for (const { head: lines } of posts) expect(lines).not.toMatch(/authorization/i);
  });
});

describe("authentication", () => {
  const challenge = (value: string): Buffer =>
    http("", { status: "401 No", headers: [`WWW-Authenticate: ${value}`] });

  it("a challenge that is always stale: auth", async () => {
    let count = 0;
    const stale: Step = (_request, socket) => {
      count += 1;
      socket.write(challenge(`Digest realm="x", nonce="${count}", qop="auth", stale=true`));
    };
    await atBothTurns(stale, "auth");
    expect(count).toBeLessThan(10);
  });

  const challenges = [
    "",
    "Digest",
    'Digest realm="x"',
    'Digest realm="x", nonce="y", algorithm=ROT13',
    'Digest realm="x", nonce="y", qop="auth-int"',
    "Negotiate",
    `Digest ${"a=b,".repeat(5_000)}`,
    "Digest ".repeat(3_000),
    `Digest realm="${'\\"'.repeat(10_000)}`,
  ];
  for (const value of challenges) {
    it(`a challenge ${value.slice(0, 45)}: auth`, async () => {
      await atBothTurns(challenge(value), "auth");
    });
  }
});
