import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type FileServerProcess,
  hasDaemon,
  login,
  startFtp,
  startSftp,
  startTftp,
} from "./server-processes.ts";
import { TransferBox } from "./transfer-box.ts";

const daemons = [
  { scheme: "ftp", daemon: "proftpd", debian: "proftpd-core", start: startFtp },
  { scheme: "sftp", daemon: "sshd", debian: "openssh-server", start: startSftp },
  { scheme: "tftp", daemon: "in.tftpd", debian: "tftpd-hpa", start: startTftp },
] as const;

it.runIf(process.env["CI"] === "true").each(daemons)(
  "has $daemon in CI (apt-get install $debian)",
  ({ daemon }) => {
    expect(hasDaemon(daemon)).toBe(true);
  },
);

describe.each(daemons)("$scheme", ({ scheme, daemon, debian, start }) => {
  const isHere = hasDaemon(daemon);
  const title = isHere ? `against ${debian}` : `LEFT OUT: ${debian} is not installed, or no root`;

  describe.skipIf(!isHere)(title, () => {
    let server: FileServerProcess;
    let box: TransferBox;
    const content = "0123456789abcdef".repeat(20_000);

    beforeAll(async () => {
      server = await start();
      box = new TransferBox({ sftpHostKeys: [server.fingerprint] });
      await box.start();
    }, 30_000);
    afterAll(async () => {
      box.kill();
      await server.stop();
      box.remove();
    });

    function urlOf(name: string): string {
      // An absolute path, where the server does not begin in the folder of the files.
      const path = scheme === "sftp" ? `/%2F${join(server.files, name).slice(1)}` : `/${name}`;
      return `${scheme}://127.0.0.1:${server.port}${path}`;
    }

    function put(name: string, text: string): void {
      const path = join(server.files, name);
      writeFileSync(path, text, { mode: 0o644 });
      execFileSync("chown", ["65534:65534", path]);
    }

    async function downloaded(order: Parameters<TransferBox["download"]>[0]): Promise<unknown> {
      await box.answerReports();
      const answer = await box.download({ ...login, ...order });
      return answer.method === "Fault" ? answer : box.reportedInTheEnd();
    }

    async function uploaded(order: Parameters<TransferBox["upload"]>[0]): Promise<unknown> {
      await box.answerReports();
      await box.upload({ ...login, ...order });
      return box.reportedInTheEnd();
    }

    it("downloads a file", async () => {
      put("config", content);
      expect(await downloaded({ url: urlOf("config") })).toMatchObject({ faultCode: 0 });
      expect(box.target.applied.at(-1) === content).toBe(true);
    });

    it("downloads a file that ends with a full block, and an empty one", async () => {
      put("blocks", "x".repeat(1_428 * 3));
      expect(await downloaded({ url: urlOf("blocks") })).toMatchObject({ faultCode: 0 });
      expect(box.target.applied.at(-1)).toHaveLength(1_428 * 3);
      put("empty", "");
      expect(await downloaded({ url: urlOf("empty") })).toMatchObject({ faultCode: 0 });
      expect(box.target.applied.at(-1)).toBe("");
    });

    it("tells a file that is not there as 9016", async () => {
      expect(await downloaded({ url: urlOf("nothing") })).toMatchObject({ faultCode: 9016 });
    });

    it("uploads a file", async () => {
      box.target.log = content;
      expect(await uploaded({ url: urlOf("uploaded") })).toMatchObject({ faultCode: 0 });
      expect(readFileSync(join(server.files, "uploaded"), "utf8") === content).toBe(true);
    });

    it("tells an upload to where nothing can be written as 9011", async () => {
      expect(await uploaded({ url: urlOf("no/such/folder/file") })).toMatchObject({
        faultCode: 9011,
      });
    });

    // TFTP knows no login.
    it.each(scheme === "tftp" ? [] : ["wrong-password"])(
      "tells the password %s as 9012",
      async (password) => {
        const order = { url: urlOf("config"), password };
        expect(await downloaded(order)).toMatchObject({ faultCode: 9012 });
      },
    );

    it("stops at the largest size", async () => {
      put("large", "x".repeat(1024 * 1024 + 1));
      expect(await downloaded({ url: urlOf("large") })).toMatchObject({ faultCode: 9010 });
      expect(await downloaded({ url: urlOf("large"), fileSize: 100 })).toMatchObject({
        faultCode: 9018,
      });
    });

    it("takes no line end into a command", async () => {
      const url = `${scheme}://127.0.0.1:${server.port}/a%0D%0ADELE%20config`;
      expect(await downloaded({ url })).toMatchObject({ faultCode: 9016 });
    });
  });
});

describe.skipIf(!hasDaemon("sshd"))("sftp to a server with another host key", () => {
  it("is refused before the password is told, naming the key", async () => {
    const server = await startSftp();
    const box = new TransferBox({ sftpHostKeys: [`SHA256:${"A".repeat(43)}`] });
    await box.start();
    await box.download({ ...login, url: `sftp://127.0.0.1:${server.port}/config` });
    expect(await box.reported()).toMatchObject({
      faultCode: 9012,
      faultString: expect.stringContaining(server.fingerprint) as string,
    });
    box.kill();
    await server.stop();
    box.remove();
  });
});

describe.each(["ftp", "tftp"])("%s to a port nobody listens on", (scheme) => {
  it("is 9015", async () => {
    const box = new TransferBox();
    await box.start();
    await box.download({ url: `${scheme}://127.0.0.1:9/config` });
    const end = Date.now() + 10_000;
    while (box.reports().length === 0 && Date.now() < end) {
      // The refusal is on its way in real time; the clock of the transfer must not overtake it.
      await new Promise((resolve) => setTimeout(resolve, 100));
      await box.clock.advance(2_000);
    }
    expect(box.reports()[0]).toMatchObject({ faultCode: 9015 });
    box.remove();
  });
});
