import type { ProvisioningCode } from "../presentation/tree.ts";
import type { Store } from "../store/store.ts";

/** A provisioning code that can be as if nobody had set one. */
export interface StoredProvisioningCode extends ProvisioningCode {
  reset(): Promise<void>;
}

/**
 * `DeviceInfo.ProvisioningCode` of one endpoint, kept with the settings; read once, then from memory.
 *
 * @param initial in force until the ACS sets one
 */
export async function storedProvisioningCode(
  store: Store,
  endpointId: string,
  initial: () => string = () => "",
): Promise<StoredProvisioningCode> {
  const name = `provisioningCode.${endpointId}`;
  let current = await store.settings.get(name);
  return {
    get: () => current ?? initial(),
    set: async (value) => {
      await store.settings.set(name, value);
      current = value;
    },
    reset: async () => {
      await store.settings.remove(name);
      current = undefined;
    },
  };
}
