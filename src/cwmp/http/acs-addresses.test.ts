import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { AcsAddresses, type ResolveName } from "./acs-addresses.ts";
import { createAcsClient } from "./acs-client.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** An ACS at an address that answers every POST with its present status. */
async function openAcs(host: string, port: number) {
  const acs = { status: 204, asked: 0, port };
  const server = createServer((_request, response) => {
    acs.asked += 1;
    response.statusCode = acs.status;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  acs.port = (server.address() as AddressInfo).port;
  return acs;
}

const both: ResolveName = (_hostname, done) => {
  done(null, [
    { address: "127.0.0.1", family: 4 },
    { address: "127.0.0.2", family: 4 },
  ]);
};

async function openTwo() {
  const first = await openAcs("127.0.0.1", 0);
  const second = await openAcs("127.0.0.2", first.port);
  const client = createAcsClient({ clock: systemClock, addresses: new AcsAddresses(both) });
  const session = async (): Promise<number | undefined> => {
    const connection = client.connect({
      url: `http://acs.example.test:${first.port}/`,
      username: "",
      password: "",
    });
    try {
      return (await connection.post(undefined)).status;
    } catch {
      return undefined; // what failed is told by the counts
    } finally {
      connection.close();
    }
  };
  return { first, second, session };
}

it("a retry begins with another address of the ACS, and stays with the one that works", async () => {
  const { first, second, session } = await openTwo();
  first.status = 503;
  expect([await session(), first.asked, second.asked]).toEqual([undefined, 1, 0]);
  expect([await session(), first.asked, second.asked]).toEqual([204, 1, 1]);
  expect([await session(), first.asked, second.asked]).toEqual([204, 1, 2]);
});

it("addresses that all failed are tried in turn, the one that failed first before the others", async () => {
  const { first, second, session } = await openTwo();
  [first.status, second.status] = [503, 503];
  for (let round = 0; round < 4; round += 1) await session();
  expect([first.asked, second.asked]).toEqual([2, 2]);
  first.status = 204;
  expect(await session()).toBe(204);
});

it("an answer that is the ACS's own word changes nothing", async () => {
  const { first, second, session } = await openTwo();
  first.status = 404;
  await session();
  await session();
  expect([first.asked, second.asked]).toEqual([2, 0]);
});

it("a name that does not resolve is the error it was", async () => {
  const nobody: ResolveName = (hostname, done) => {
    done(Object.assign(new Error(`no ${hostname}`), { code: "ENOTFOUND" }), []);
  };
  const client = createAcsClient({ clock: systemClock, addresses: new AcsAddresses(nobody) });
  const connection = client.connect({ url: "http://no.example.test/", username: "", password: "" });
  await expect(connection.post(undefined)).rejects.toMatchObject({ code: "cwmp.acs-unreachable" });
  connection.close();
});
