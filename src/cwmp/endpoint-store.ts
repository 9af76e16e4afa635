/** What an endpoint keeps across restarts. The store room implements this; CWMP only asks. */

/** TR-069 DeviceIdStruct. Frozen at adoption: any change makes a new device in the ACS. */
export interface DeviceId {
  readonly manufacturer: string;
  /** Six upper-case hexadecimal digits. */
  readonly oui: string;
  readonly productClass: string;
  readonly serialNumber: string;
}

/** One event not yet acknowledged by the ACS (TR-069a6 §3.7.1.5). */
export interface PendingEvent {
  /** Assigned by the store, ascending; identifies the row. */
  readonly id: number;
  readonly eventCode: string;
  readonly commandKey: string;
}

/** Notification attribute as set by the ACS; parameters never set have no row. */
export interface StoredAttribute {
  readonly path: string;
  /** 0 off, 1 passive, 2 active. */
  readonly notification: number;
  readonly accessList: readonly string[];
}

/** Everything of one endpoint, loaded once at start. */
export interface StoredEndpoint {
  readonly events: readonly PendingEvent[];
  readonly attributes: readonly StoredAttribute[];
  /** Paths whose change has not been delivered to the ACS yet. */
  readonly pendingChanges: readonly string[];
  /** Values last reported for watched parameters: path → wire text. */
  readonly reported: ReadonlyMap<string, string>;
  /** `Device.ManagementServer.` values set by the ACS and `ParameterKey`, `bootstrappedUrl`, … : name → text. */
  readonly settings: ReadonlyMap<string, string>;
}

/** One atomic change of an endpoint's state; every member is optional and all present ones commit together or not at all. */
export interface EndpointChange {
  readonly addEvents?: readonly { readonly eventCode: string; readonly commandKey: string }[];
  readonly removeEvents?: readonly number[];
  readonly setAttributes?: readonly StoredAttribute[];
  /** Paths whose attributes are the defaults again: their row is gone. */
  readonly removeAttributes?: readonly string[];
  readonly addPendingChanges?: readonly string[];
  readonly removePendingChanges?: readonly string[];
  readonly setReported?: ReadonlyMap<string, string>;
  readonly removeReported?: readonly string[];
  /** A value of undefined removes the setting. */
  readonly setSettings?: ReadonlyMap<string, string | undefined>;
}

/** Repository of endpoint state. `commit` resolves when the change is on disk (synchronous=FULL). */
export interface EndpointStore {
  load(endpointId: string): Promise<StoredEndpoint>;
  /** Applies `change` atomically and durably. Returns the ids given to `addEvents`, in order. */
  commit(endpointId: string, change: EndpointChange): Promise<readonly number[]>;
  /** Forgets an endpoint (retired device). */
  remove(endpointId: string): Promise<void>;
}
