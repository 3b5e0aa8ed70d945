// What the page reads of the API's messages (docs/openapi.json has all of them). 64-bit numbers are texts on the wire.

export interface Image {
  id: string;
  name: ImageName | null;
  names: ImageName[];
  metadata: Metadata | null;
  scan: Scan | null;
  signatureVerificationData: { results: VerificationResult[] } | null;
  signature: { signatures: { cosign?: CosignSignature }[]; fetched: string | null } | null;
  cves?: number;
  fixableCves?: number;
  notes: string[];
  lastUpdated: string | null;
  baseImageInfo?: { baseImageFullName: string; baseImageDigest: string; maxLayerIndex: number }[];
  removedAt?: string;
}

export interface ImageName {
  registry: string;
  remote: string;
  tag: string;
  fullName: string;
}

export interface Metadata {
  v1: {
    created: string | null;
    layers: HistoryStep[];
    user: string;
    command: string[];
    entrypoint: string[];
    volumes: string[];
    labels: Record<string, string>;
  } | null;
  layerShas: string[];
}

export interface HistoryStep {
  instruction: string;
  value: string;
  empty: boolean;
}

export interface Scan {
  scannerVersion: string;
  scanTime: string | null;
  components: Component[];
  operatingSystem: string;
  notes: string[];
}

export interface Component {
  name: string;
  version: string;
  license: { name: string; type: string; url: string } | null;
  vulns: Vulnerability[];
  layerIndex?: number;
  source: string;
  location: string;
  fixedBy: string;
  architecture?: string;
}

export interface Vulnerability {
  cve: string;
  advisory?: { name: string; link: string } | null;
  cvss: number;
  summary: string;
  link: string;
  fixedBy?: string;
  cvssV2: { vector: string; score: number } | null;
  cvssV3: { vector: string; score: number } | null;
  publishedOn: string | null;
  lastModified: string | null;
  suppressed: boolean;
  suppressActivation: string | null;
  suppressExpiry: string | null;
  firstSystemOccurrence: string | null;
  firstImageOccurrence: string | null;
  fixAvailableTimestamp?: string | null;
  severity: string;
  state: string;
  cvssMetrics?: { source: string; url: string; cvssv2?: { vector: string; score: number }; cvssv3?: { vector: string; score: number } }[];
  epss?: { epssProbability: number; epssPercentile: number } | null;
  exploit?: Exploit | null;
  cisaKev?: boolean;
  origin?: string;
}

export interface Exploit {
  dateAdded: string;
  shortDescription: string;
  requiredAction: string;
  dueDate: string;
  knownRansomwareCampaignUse: string;
}

export interface VerificationResult {
  verificationTime: string | null;
  verifierId: string;
  verifierName?: string;
  status: string;
  description: string;
  verifiedImageReferences: string[];
}

export interface CosignSignature {
  signaturePayload: string | null;
  certPem: string | null;
  rekorBundle?: string | null;
  sigstoreBundle?: string | null;
}

export interface Job {
  id: string;
  state: 'QUEUED' | 'READING' | 'JOINING' | 'MATCHING' | 'DONE' | 'FAILED';
  imageName: string;
  platform: string;
  cluster: string;
  image: string;
  reason: string;
  attempts: number;
  layers: JobLayer[];
  phases: { name: string; milliseconds: string }[];
  error: { code: number; message: string } | null;
  createdAt: string | null;
  startedAt: string | null;
  packages?: number;
}

export interface JobLayer {
  digest: string;
  state: 'WAITING' | 'READING' | 'DONE' | 'KNOWN' | 'FAILED';
  size: string;
  bytesRead: string;
  attempts: number;
  error: string;
  packages?: number;
}

export interface ListedImage {
  id: string;
  name: string;
  components?: number;
  cves?: number;
  fixableCves?: number;
  created: string | null;
  lastUpdated: string | null;
  priority: string;
  removedAt?: string;
}

export interface Changes {
  at: string;
  from: { id: string; builtAt: string; isStarterSet: boolean } | null;
  to: { id: string; builtAt: string; isStarterSet: boolean } | null;
  added: ChangedFinding[];
  removed: ChangedFinding[];
  fixed: ChangedFinding[];
  total: number;
}

export interface ChangedFinding {
  cve: string;
  component: string;
  version: string;
  severity: string;
  fixedBy: string;
}

export interface VulnerabilityException {
  id: string;
  name: string;
  targetState: string;
  status: string;
  expired: boolean;
  requester: { id: string; name: string } | null;
  approvers: { id: string; name: string }[];
  createdAt: string | null;
  comments: { message: string; user: { name: string } | null; createdAt: string | null }[];
  scope: { imageScope: { registry: string; remote: string; tag: string } } | null;
  deferralRequest?: { expiry: { expiryType: string; expiresOn: string | null } | null };
  cves: string[];
}

export interface History {
  points: { at: string; advisories: { id: string; builtAt: string; isStarterSet: boolean } | null; counts: Counts; before?: Counts }[];
  images: { id: string; name: string; created: string | null; scannedAt: string | null; counts: Counts }[];
}

export interface Counts {
  total: number;
  fixable: number;
  critical: number;
  important: number;
  moderate: number;
  low: number;
  unknown: number;
}
