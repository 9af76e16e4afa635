import type { TreePart } from "../composed-tree.ts";
import { text } from "./entries.ts";
import { entryPart } from "./entry-part.ts";

/** Who the gateway said it is in its DHCP answer (TR-069a6 Annex F); all empty when it said nothing. */
export interface GatewayIdentity {
  readonly oui: string;
  readonly productClass: string;
  readonly serialNumber: string;
}

/** Where the identity comes from, and how to hear of another one. */
export interface GatewaySource {
  readonly gateway: () => GatewayIdentity;
  onChange(listener: () => void): () => void;
}

/** `Device.GatewayInfo.`, actively notified unless the ACS says otherwise (TR-181i2). */
export function gatewayInfoPart(source: GatewaySource): TreePart {
  return entryPart({
    entries: () => {
      const { oui, productClass, serialNumber } = source.gateway();
      return [
        ["ManufacturerOUI", oui] as const,
        ["ProductClass", productClass] as const,
        ["SerialNumber", serialNumber] as const,
      ].map(([name, value]) => ({
        ...text(`Device.GatewayInfo.${name}`, value),
        notification: "forceDefaultEnabled",
      }));
    },
    onChange: (listener) => source.onChange(listener),
  });
}
