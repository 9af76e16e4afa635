/** Pages of HP printers made up from documented element names; nothing of them was captured. */

const dd = 'xmlns:dd="http://www.hp.com/schemas/imaging/con/dictionaries/1.0/"';

function dyn(name: string, content: string): string {
  const space = `http://www.hp.com/schemas/imaging/con/ledm/${name.toLowerCase()}/2009/03/16`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<d:${name} xmlns:d="${space}" ${dd}>${content}</d:${name}>`;
}

/** LEDM documents by path. */
export const ledmPages: Readonly<Record<string, string>> = {
  "/DevMgmt/ProductConfigDyn.xml": dyn(
    "ProductConfigDyn",
    `<d:ProductInformation>
      <dd:Version><dd:Revision>WXPP1FN2117AR</dd:Revision><dd:Date>2021-05-04</dd:Date></dd:Version>
      <dd:MakeAndModel>HP OfficeJet Pro 9999 series</dd:MakeAndModel>
      <dd:SerialNumber>TH00000001</dd:SerialNumber>
      <dd:ProductNumber>0A0A0A</dd:ProductNumber>
    </d:ProductInformation>
    <d:ProductSettings>
      <d:ProductLanguage><dd:DeviceLanguage>en</dd:DeviceLanguage></d:ProductLanguage>
      <dd:TimeStamp>1976-01-01T00:00:12</dd:TimeStamp>
      <d:DeviceInformation><dd:DeviceLocation>Hall 1</dd:DeviceLocation><dd:AssetNumber>A-1</dd:AssetNumber></d:DeviceInformation>
    </d:ProductSettings>
    <d:Memory><dd:TotalMemory>262144</dd:TotalMemory></d:Memory>`,
  ),
  "/DevMgmt/ProductStatusDyn.xml": dyn(
    "ProductStatusDyn",
    `<d:Status><d:StatusCategory>genuineHP</d:StatusCategory></d:Status>
    <d:Status><d:StatusCategory>jamInPrinter</d:StatusCategory></d:Status>
    <d:AlertTable><d:Alert><d:ProductStatusAlertID>jamInPrinter</d:ProductStatusAlertID><d:Severity>Error</d:Severity></d:Alert></d:AlertTable>`,
  ),
  "/DevMgmt/ConsumableConfigDyn.xml": dyn(
    "ConsumableConfigDyn",
    `<d:ConsumableInfo>
      <dd:ConsumableLabelCode>K</dd:ConsumableLabelCode><dd:ConsumableTypeEnum>inkCartridge</dd:ConsumableTypeEnum>
      <dd:ConsumableLifeState><dd:ConsumableState>ok</dd:ConsumableState><dd:MeasuredQuantityState>ok</dd:MeasuredQuantityState></dd:ConsumableLifeState>
      <d:PreviousCartridgeData><dd:ConsumablePercentageLevelRemaining>3</dd:ConsumablePercentageLevelRemaining><dd:SerialNumber>OLD</dd:SerialNumber></d:PreviousCartridgeData>
      <dd:ConsumablePercentageLevelRemaining>62</dd:ConsumablePercentageLevelRemaining>
      <dd:SerialNumber>NEW</dd:SerialNumber>
    </d:ConsumableInfo>
    <d:ConsumableInfo>
      <dd:ConsumableLabelCode>C</dd:ConsumableLabelCode><dd:ConsumableTypeEnum>inkCartridge</dd:ConsumableTypeEnum>
      <dd:ConsumableLifeState><dd:ConsumableState>ok</dd:ConsumableState><dd:MeasuredQuantityState>unknown</dd:MeasuredQuantityState></dd:ConsumableLifeState>
      <dd:ConsumablePercentageLevelRemaining>0</dd:ConsumablePercentageLevelRemaining>
    </d:ConsumableInfo>
    <d:ConsumableInfo>
      <dd:ConsumableLabelCode>CMYK</dd:ConsumableLabelCode><dd:ConsumableTypeEnum>printhead</dd:ConsumableTypeEnum>
      <dd:ConsumableLifeState><dd:ConsumableState>ok</dd:ConsumableState></dd:ConsumableLifeState>
      <dd:ConsumablePercentageLevelRemaining>100</dd:ConsumablePercentageLevelRemaining>
    </d:ConsumableInfo>`,
  ),
  "/DevMgmt/ProductUsageDyn.xml": dyn(
    "ProductUsageDyn",
    `<d:PrinterSubunit>
      <d:UsageByMedia><dd:TotalImpressions>7</dd:TotalImpressions></d:UsageByMedia>
      <dd:TotalImpressions PEID="5082">4,321</dd:TotalImpressions>
      <dd:MonochromeImpressions>4000</dd:MonochromeImpressions><dd:ColorImpressions>321</dd:ColorImpressions>
      <dd:DuplexSheets>100</dd:DuplexSheets><dd:JamEvents PEID="16076">2</dd:JamEvents>
    </d:PrinterSubunit>
    <d:CopyApplicationSubunit><dd:TotalImpressions>55</dd:TotalImpressions></d:CopyApplicationSubunit>
    <d:ConsumableSubunit>
      <d:Consumable><dd:MarkerColor>Cyan</dd:MarkerColor><dd:EstimatedPagesRemaining>9</dd:EstimatedPagesRemaining></d:Consumable>
      <d:Consumable><dd:MarkerColor>Black</dd:MarkerColor><dd:EstimatedPagesRemaining>830</dd:EstimatedPagesRemaining></d:Consumable>
    </d:ConsumableSubunit>`,
  ),
  "/DevMgmt/MediaHandlingDyn.xml": dyn(
    "MediaHandlingDyn",
    `<d:InputTray><dd:InputBin>Tray1</dd:InputBin><dd:MediaState>present</dd:MediaState><dd:MediaSizeName>iso_a4_210x297mm</dd:MediaSizeName></d:InputTray>
    <d:InputTray><dd:InputBin>ADF</dd:InputBin><dd:MediaState>notPresent</dd:MediaState></d:InputTray>`,
  ),
  "/DevMgmt/NetAppsDyn.xml": dyn(
    "NetAppsDyn",
    `<d:DNSSDConfig><dd:MDNSSupport>enabled</dd:MDNSSupport></d:DNSSDConfig>
    <d:HTTPSRedirection>disabled</d:HTTPSRedirection><d:Port9100PrintingSupport>enabled</d:Port9100PrintingSupport>`,
  ),
  "/DevMgmt/PrintConfigDyn.xml": dyn(
    "PrintConfigDyn",
    `<d:PrintDefaults><dd:DefaultPrintCopies>1</dd:DefaultPrintCopies><dd:ResolutionSetting>fast600dpi</dd:ResolutionSetting>
    <dd:DefaultPDLInterpreterOrientation>portrait</dd:DefaultPDLInterpreterOrientation></d:PrintDefaults>`,
  ),
};

/** CDM documents by path. */
export const cdmPages: Readonly<Record<string, string>> = {
  "/cdm/system/v1/identity": JSON.stringify({
    makeAndModel: { name: "HP LaserJet Pro 4999" },
    manufacturer: "HP",
    deviceUuid: "00000000-0000-4000-8000-000000000001",
    firmwareVersion: "6.12",
    serialNumber: "VN00000001",
  }),
  "/cdm/supply/v1/suppliesPublic": JSON.stringify({
    suppliesList: [
      {
        ...{ slot: 1, supplyType: "tonerCartridge", supplyColorCode: "K", levelState: "ok" },
        ...{ percentLifeDisplay: 40, orderPartNumber: "W1490A" },
      },
      {
        ...{ slot: 2, supplyType: "tonerCartridge", supplyColorCode: "C", levelState: "veryLow" },
        ...{ percentLifeDisplay: 10, percentLifeDisplaySymbol: "lessThan" },
      },
    ],
  }),
  "/cdm/ioConfig/v2/adapterConfigs": JSON.stringify({
    eth0: {
      adapterType: "wiredEthernet",
      connectionState: "disconnected",
      macAddress: "3C:52:82:00:00:01",
    },
    wifi0: {
      adapterType: "wifiStation",
      connectionState: "connected",
      ipv4: { address: { ip: "192.0.2.9" }, dnsServer: { primary: { address: "192.0.2.53" } } },
    },
  }),
  "/cdm/print/v1/mediaConfiguration": JSON.stringify({
    version: "1.1.0",
    mediaSettings: { tray2: { mediaSize: "na_letter_8.5x11in", mediaType: "plain" } },
  }),
};

function usage(byId: Readonly<Record<string, string>>): string {
  const cells = Object.entries(byId).map(([id, text]) => `<td id="UsagePage.${id}">${text}</td>`);
  return `<html><title>HP LaserJet</title><table><tr>${cells.join("")}</tr></table></html>`;
}

const signIn = `<html><form action="/hp/device/SignIn/Index" method="post"><input type="hidden" name="CSRFToken" value="t1">
<select name="agentIdSelect"><option value="hp_EmbeddedPin_v1">Local</option></select>
<select name="PinDropDown"><option value="AdminItem">Administrator</option></select>
<input type="password" id="PasswordTextBox" name="PasswordTextBox"><input type="submit" name="signInOk" value="Sign In"></form></html>`;

/** FutureSmart pages by path and query. */
export const futureSmartPages: Readonly<Record<string, string>> = {
  "/hp/device/SignIn/Index": signIn,
  "/hp/device/InternalPages/Index?id=UsagePage": usage({
    "DeviceInformation.ProductName": "HP LaserJet MFP E62999",
    "DeviceInformation.DeviceSerialNumber": "CNB0000001",
    "ImpressionsByMediaSizeTable.Print.TotalTotal": "2,260",
    "ImpressionsByMediaSizeTable.Copy.TotalTotal": "40",
    "EquivalentImpressionsTable.Total.Total": "2,300.00",
    "EquivalentImpressionsTable.Monochrome.Total": "2,300.00",
  }),
  "/hp/device/InternalPages/Index?id=SuppliesStatus":
    '<html><title>HP LaserJet</title><div class="consumable-block-black"><span id="BlackCartridge1-Header_Level">15%*</span><span id="BlackCartridge1-EstimatedPagesRemaining">1,100</span></div><span id="CyanCartridge1-Header_Level">&lt;10%</span></html>',
};
