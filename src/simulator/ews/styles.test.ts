import { afterEach, describe, expect, it } from "vitest";
import { Browser, controlOf, fieldsOf } from "../../../test/ews/browser.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import type { EwsStyle } from "./ews-site.ts";
import { type EwsSimulator, startEwsSimulator } from "./ews-simulator.ts";
import { ewsStyles } from "./styles.ts";

const password = "initpass";
const wrong = "guess";

let simulator: EwsSimulator | undefined;
const clock = new ManualClock(Date.parse("2026-05-04T10:00:00Z"));

afterEach(async () => {
  await simulator?.stop();
  simulator = undefined;
});

async function open(style: EwsStyle): Promise<{ printer: EwsSimulator; browser: Browser }> {
  simulator = await startEwsSimulator({ style, clock });
  return { printer: simulator, browser: new Browser(simulator.url) };
}

function without(form: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(form).filter(([key]) => key !== name));
}

describe("Brother's pages", () => {
  const page = "/general/datetime.html";

  async function logIn(browser: Browser, given = password): Promise<void> {
    const { body } = await browser.ask(page);
    const field = /id="LogBox" name="(B\w+)"/.exec(body)?.[1] ?? "";
    await browser.ask("/general/status.html", { form: { ...fieldsOf(body), [field]: given } });
  }

  it("take a password under a name that is on the page, and tell by a cookie", async () => {
    const { browser } = await open(ewsStyles.brother);
    await logIn(browser, wrong);
    expect(browser.cookies.has("AuthCookie")).toBe(false);
    await logIn(browser);
    expect(browser.cookies.has("AuthCookie")).toBe(true);
  });

  it("take a form once, with all its fields, from who is logged in", async () => {
    const { printer, browser } = await open(ewsStyles.brother);
    await logIn(browser);
    const { body } = await browser.ask(page);
    const server = controlOf(body, "Primary Time Server");
    const form = { ...fieldsOf(body), [server]: "ntp2.example.net" };
    expect((await browser.ask(page, { form })).body).not.toContain("postError");
    expect(printer.settings.get("Network.Time.NTPServer1")).toBe("ntp2.example.net");
    expect((await browser.ask(page, { form })).body).toContain("postError");
    const incomplete = without(fieldsOf((await browser.ask(page)).body), server);
    expect((await browser.ask(page, { form: incomplete })).body).toContain("postError");
  });

  it("switch off what a check box that was left out stands for", async () => {
    const { printer, browser } = await open(ewsStyles.brother);
    await logIn(browser);
    const { body } = await browser.ask("/net/net/protocol.html");
    const { pageid = "", CSRFToken = "" } = fieldsOf(body);
    await browser.ask("/net/net/protocol.html", { form: { pageid, CSRFToken } });
    expect(printer.settings.get("Network.LPD.Enable")).toBe("false");
  });

  it("forget a session nobody uses", async () => {
    const { browser } = await open(ewsStyles.brother);
    await logIn(browser);
    await clock.advance(300_000);
    expect((await browser.ask(page)).body).toContain("LogBox");
  });
});

describe("Kyocera's scripts", () => {
  const page = "/dvcset/datetime/DvcSet_DateTime.htm";
  const model = "/js/jssrc/model/dvcset/datetime/DvcSet_DateTime.model.htm";
  const login = {
    ...{ func: "authLogin", arg01_UserName: "admin", arg02_Password: password },
    ...{ arg03_LoginType: "_mode_off", arg04_LoginFrom: "_wlm_login", arg05_AccountId: "" },
    ...{ arg06_DomainName: "", okhtmfile: "/ok.htm", failhtmfile: "/fail.htm", hidden: "" },
    ...{ hiddRefreshDevice: "", hiddRefreshPanelUsed: "", hiddRefreshPaperid: "" },
    ...{ hiddRefreshTonerid: "", hiddRefreshStapleid: "", hiddnBackNavIndx: "" },
  };

  it("want the empty fields of the login, too", async () => {
    const { browser } = await open(ewsStyles.kyocera);
    await browser.ask("/startwlm/login.cgi", { form: without(login, "hidden") });
    expect(browser.cookies.has("ID1")).toBe(false);
    await browser.ask("/startwlm/login.cgi", { form: login });
    expect(browser.cookies.has("ID1")).toBe(true);
  });

  it("are a stub for who does not come from the page with the browser's cookies", async () => {
    const { browser } = await open(ewsStyles.kyocera);
    await browser.ask("/startwlm/login.cgi", { form: login });
    const headers = { Referer: `http://printer${page}` };
    expect((await browser.ask(model, { headers })).body).not.toContain("timeServer");
    browser.cookies.set("rtl", "0");
    browser.cookies.set("css", "1");
    expect((await browser.ask(model)).body).not.toContain("timeServer");
    expect((await browser.ask(model, { headers })).body).toContain(
      "_pp.timeServer = 'ntp.example.net';",
    );
  });
});

describe("Konica Minolta's pages", () => {
  const login = (given: string): Record<string, string> => ({
    ...{ func: "PSL_LP1_LOG", R_ADM: "AdminAdmin", username: "", password: given },
  });

  async function attempt(browser: Browser, given: string): Promise<string> {
    await browser.ask("/wcd/top.xml");
    return (await browser.ask("/wcd/login.cgi", { form: login(given) })).body;
  }

  it("have one administrator at a time", async () => {
    const { printer, browser } = await open(ewsStyles["konica-minolta"]);
    const second = new Browser(printer.url);
    expect(await attempt(browser, password)).toContain("a_system_counter");
    expect(await attempt(second, password)).toContain("AdminActiveJobLoginError");
    await browser.ask("/wcd/a_user.cgi", { form: { func: "PSL_ACO_LGO" } });
    expect(await attempt(second, password)).toContain("a_system_counter");
  });

  it("lock for five minutes after three wrong passwords, for the right one as well", async () => {
    const { browser } = await open(ewsStyles["konica-minolta"]);
    for (let n = 0; n < 3; n += 1) await attempt(browser, wrong);
    expect(await attempt(browser, password)).toContain("AdminLockedError");
    await clock.advance(300_000);
    expect(await attempt(browser, password)).toContain("a_system_counter");
  });

  it("are not shown to who lacks the cookies of a browser", async () => {
    const { browser } = await open(ewsStyles["konica-minolta"]);
    await attempt(browser, password);
    expect((await browser.ask("/wcd/a_system_time.xml")).body).toContain("SessionError");
    for (const name of ["vm", "uatype", "lang", "selno", "bm", "usr", "favmode"])
      browser.cookies.set(name, "x");
    expect((await browser.ask("/wcd/a_system_time.xml")).body).toContain("<NtpServer>");
  });
});

describe("Konica Minolta's web API", () => {
  const path = "/wcd/api/AppReqGetCounterInfo/_Total";

  it("gives the first token with the counters, then wants that of the answer before, and a body", async () => {
    const { browser } = await open(ewsStyles["konica-minolta-api"]);
    const ask = async (members: object): Promise<string> =>
      (await browser.ask(path, { body: JSON.stringify(members) })).body;
    expect((await browser.ask(path, { body: "" })).status).toBe(411);
    const first = await ask({});
    expect(first).toContain('"Ack"');
    const Token = /"Token":"(\w+)"/.exec(first)?.[1] ?? "";
    expect(await ask({ Token })).toContain('"Ack"');
    expect(await ask({ Token })).toContain('"Nack"');
  });

  it("shows its settings to the administrator alone", async () => {
    const { browser } = await open(ewsStyles["konica-minolta-api"]);
    const settings = "/wcd/api/AppReqGetCustomData/_A-00-00001";
    const form = { func: "PSL_LP1_LOG", R_ADM: "AdminAdmin", username: "", password };
    await browser.ask("/wcd/index.html");
    expect((await browser.ask(settings)).body).toContain('"Nack"');
    await browser.ask("/wcd/login.cgi", { form });
    expect((await browser.ask(settings)).body).toContain("ntp.example.net");
    await browser.ask("/wcd/a_user.cgi", { form: { func: "PSL_ACO_LGO" } });
    expect((await browser.ask(settings)).body).toContain('"Nack"');
  });
});

describe("Ricoh's pages", () => {
  const start = "/web/guest/en/websys/webArch";
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const page = "/web/entry/en/websys/config/getSntp.cgi";
  const set = "/web/entry/en/websys/config/setSntp.cgi";

  async function logIn(browser: Browser, given = password): Promise<number> {
    const { body } = await browser.ask(`${start}/authForm.cgi`);
    const { wimToken = "" } = fieldsOf(body);
    const form = { wimToken, userid: base64("admin"), password: base64(given) };
    return (await browser.ask(`${start}/login.cgi`, { form })).status;
  }

  it("tell a login by 302, and who keeps no cookies by a page of 200", async () => {
    const { printer, browser } = await open(ewsStyles.ricoh);
    const { wimToken = "" } = fieldsOf((await browser.ask(`${start}/authForm.cgi`)).body);
    const forgetful = new Browser(printer.url);
    const form = { wimToken, userid: base64("admin"), password: base64(password) };
    expect((await forgetful.ask(`${start}/login.cgi`, { form })).body).toContain("Cookie error");
    expect(await logIn(browser, wrong)).toBe(200);
    expect(await logIn(browser)).toBe(302);
  });

  it("are posted in order, from themselves, with a token that is good once", async () => {
    const { printer, browser } = await open(ewsStyles.ricoh);
    await logIn(browser);
    const headers = { Referer: printer.url + page };
    const opened = await browser.ask(page);
    const form = { ...fieldsOf(opened.body), sntpServerName: "ntp2.example.net" };
    expect((await browser.ask(set, { form })).body).toContain("BADFLOW");
    expect((await browser.ask(set, { form, headers })).body).toContain('value="SUCCESS"');
    expect((await browser.ask(set, { form, headers })).body).toContain("BADFLOW");
    await browser.ask(page);
    expect((await browser.ask(set, { form, headers })).body).toContain('value="TIMEOUT"');
  });

  it("speak the language of their path", async () => {
    const { browser } = await open(ewsStyles.ricoh);
    await logIn(browser);
    expect((await browser.ask(page.replace("/en/", "/es/"))).body).toContain("Zona horaria");
  });
});

describe("Toshiba's door", () => {
  const get = (path: string): string =>
    `<DeviceInformationModel><GetValue><MFP><${path}></${path}></MFP></GetValue></DeviceInformationModel>`;
  const read = (browser: Browser, path: string, token: string): ReturnType<Browser["ask"]> =>
    browser.ask("/contentwebserver", {
      body: get(path),
      headers: { "Content-Type": "text/plain", csrfpId: token },
    });

  it("wants the session repeated in a header, and refuses a read of what it does not know", async () => {
    const { browser } = await open(ewsStyles.toshiba);
    await browser.ask("/?MAIN=TOPACCESS");
    const session = browser.cookies.get("Session") ?? "";
    expect((await read(browser, "DeviceName", "")).status).toBe(403);
    expect((await read(browser, "Nothing", session)).status).toBe(404);
    expect((await read(browser, "DeviceName", session)).body).toContain("PRN-SIM");
  });

  it("writes nothing for who is not logged in", async () => {
    const { browser } = await open(ewsStyles.toshiba);
    await browser.ask("/?MAIN=TOPACCESS");
    const headers = { "Content-Type": "text/plain", csrfpId: browser.cookies.get("Session") ?? "" };
    const body = get("DeviceName").replaceAll("GetValue", "SetValue");
    const answer = await browser.ask("/contentwebserver", { body, headers });
    expect(answer.body).toContain("NOT_AUTHENTICATED");
  });
});

describe("Xerox's pages", () => {
  it("tell by the next place whether it worked", async () => {
    const { browser } = await open(ewsStyles.xerox);
    const login = "/properties/authentication/login.php";
    const set = "/userpost/xerox.set";
    const attempt = async (given: string): Promise<string> => {
      const fields = fieldsOf((await browser.ask(login)).body);
      const form = { ...fields, frmwebUsername: "admin", frmwebPassword: given };
      return (await browser.ask(set, { form })).location;
    };
    expect(await attempt(wrong)).toContain("invalid=t");
    expect(await attempt(password)).toBe("/properties/authentication/luidLogin.php");
    const { body } = await browser.ask("/properties/connectivity/lpd.php");
    const form = { ...fieldsOf(body), frmRawPort: "70000" };
    expect((await browser.ask(set, { form })).location).toContain("invalid=t");
    expect((await browser.ask(set, { form })).location).toContain("/error.php");
  });
});

describe("HP's pages", () => {
  it("of FutureSmart answer a blank password with 409 and name the user once logged in", async () => {
    const { browser } = await open(ewsStyles["hp-futuresmart"]);
    const path = "/hp/device/SignIn/Index";
    const signIn = async (given: string): ReturnType<Browser["ask"]> => {
      const fields = fieldsOf((await browser.ask(path)).body);
      return browser.ask(path, { form: { ...fields, PasswordTextBox: given } });
    };
    expect((await signIn("")).status).toBe(409);
    expect((await signIn(wrong)).body).not.toContain("User: admin");
    const { location } = await signIn(password);
    expect((await browser.ask(location)).body).toContain("User: admin");
    expect((await browser.ask("/hp/device/DateTime/Save", { form: {} })).status).toBe(403);
  });

  it("of LEDM are read by anybody and written with Basic, nothing when one part is wrong", async () => {
    const { printer, browser } = await open(ewsStyles["hp-ledm"]);
    const path = "/DevMgmt/ProductConfigDyn.xml";
    const put = (location: string, headers = {}): ReturnType<Browser["ask"]> =>
      browser.ask(path, {
        method: "PUT",
        headers,
        body: `<x:ProductConfigDyn xmlns:x="x"><x:ProductInformation><x:UserConfigurable>
<x:DeviceName>N</x:DeviceName><x:DeviceLocation>${location}</x:DeviceLocation>
</x:UserConfigurable></x:ProductInformation></x:ProductConfigDyn>`,
      });
    expect((await browser.ask(path)).body).toContain("<dd:DeviceLocation>Hall 1<");
    expect((await put("Hall 2")).status).toBe(401);
    const headers = { Authorization: `Basic ${btoa(`admin:${password}`)}` };
    expect((await put("x".repeat(65), headers)).status).toBe(400);
    expect(printer.settings.get("General.PrinterName")).toBe("PRN-SIM");
    expect((await put("Hall 2", headers)).status).toBe(200);
    expect(printer.settings.get("General.SystemLocation")).toBe("Hall 2");
  });

  it("of CDM are written by PATCH with a bearer token", async () => {
    const { printer, browser } = await open(ewsStyles["hp-cdm"]);
    const grant = { grant_type: "password", username: "admin", password };
    const { body } = await browser.ask("/cdm/oauth2/v1/token", { form: grant });
    const token = /"access_token":"(\w+)"/.exec(body)?.[1] ?? "";
    const patch = (bearer: string): ReturnType<Browser["ask"]> =>
      browser.ask("/cdm/network/v1/printServices", {
        method: "PATCH",
        headers: { Authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ lpdPrint: { enabled: "false" } }),
      });
    expect((await patch("0")).status).toBe(401);
    expect((await patch(token)).status).toBe(200);
    expect(printer.settings.get("Network.LPD.Enable")).toBe("false");
  });
});

describe("other pages", () => {
  it("of Canon say that the certification has expired, to strangers and to old tokens", async () => {
    const { browser } = await open(ewsStyles.canon);
    const page = "/m_network_sntp_edit.html";
    expect((await browser.ask(page)).body).toContain("has expired");
    const login = { iToken: "", i0012: "1", i0014: "admin", i0016: password };
    expect((await browser.ask("/checkLogin.cgi", { form: login })).body).toContain("failed");
    await browser.ask("/checkLogin.cgi", { form: { ...login, i0019: "" } });
    const form = fieldsOf((await browser.ask(page)).body);
    expect((await browser.ask("/cgi/m_network_sntp_edit.cgi", { form })).status).toBe(302);
    const again = await browser.ask("/cgi/m_network_sntp_edit.cgi", { form });
    expect(again.body).toContain("has expired");
  });

  it("of Epson lock after five wrong passwords", async () => {
    const { browser } = await open(ewsStyles.epson);
    const path = "/PRESENTATION/ADVANCED/PASSWORD/SET";
    const base = { INPUTT_USERNAME: "admin", access: "https", INPUTT_ACCSESSMETHOD: "0" };
    const attempt = async (given: string): Promise<string> =>
      (await browser.ask(path, { form: { ...base, INPUTT_PASSWORD: given } })).body;
    for (let n = 0; n < 4; n += 1) expect(await attempt(wrong)).toContain("Incorrect");
    expect(await attempt(wrong)).toContain("Try again later");
    expect(await attempt(password)).toContain("Try again later");
    await clock.advance(60_000);
    await attempt(password);
    expect(browser.cookies.has("EPSON_COOKIE_SESSION")).toBe(true);
  });

  it("of Lexmark name supplies in the language asked for", async () => {
    const { browser } = await open(ewsStyles.lexmark);
    const path = "/webglue/rawcontent?timedRefresh=1&c=Status&lang=";
    expect((await browser.ask(`${path}en`)).body).toContain('"Black Toner"');
    expect((await browser.ask(`${path}de`)).body).toContain('"Toner Schwarz"');
  });

  it("of Samsung take the network away for a second after a change", async () => {
    const { printer, browser } = await open(ewsStyles.samsung);
    const { body } = await browser.ask("/Settings/Protocols/general_protocols.htm");
    const form = { ...fieldsOf(body), GSI_CONTACT: "hotline" };
    await browser.ask("/SaveChangesWithRestart.cgi", { form });
    expect(printer.settings.get("General.SystemContact")).toBe("hotline");
    await expect(browser.ask("/Settings/Protocols/general_protocols.htm")).rejects.toThrow();
    await clock.advance(1_000);
    await expect
      .poll(async () => (await browser.ask("/Settings/Protocols/general_protocols.htm")).body)
      .toContain("hotline");
  });

  it("behind Digest are shut without it", async () => {
    const { browser } = await open(ewsStyles.digest);
    expect((await browser.ask("/settings/device.html")).status).toBe(401);
  });
});
