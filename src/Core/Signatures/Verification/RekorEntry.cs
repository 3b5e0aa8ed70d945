using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>What a transparency log has, with what proves that it does (https://github.com/sigstore/rekor/blob/main/openapi.yaml, LogEntry).</summary>
internal sealed record RekorEntry
{
    private const int MaxHashes = 64;

    /// <summary>The entry as the log keeps it.</summary>
    public required byte[] Body { get; init; }

    /// <summary>When it came, in seconds since 1970; believed only with <see cref="SignedTimestamp"/>. 0 if the log does not say.</summary>
    public required long IntegratedTime { get; init; }

    public required long LogIndex { get; init; }

    /// <summary>The log, by the hash of its key.</summary>
    public required byte[] LogId { get; init; }

    /// <summary>The log's signature over body, time, index and its id; empty if there is none.</summary>
    public byte[] SignedTimestamp { get; init; } = [];

    /// <summary>That the entry is in the log's tree; null if there is no such proof.</summary>
    public RekorInclusion? Inclusion { get; init; }

    /// <summary>
    /// Reads cosign's annotation <c>dev.sigstore.cosign/bundle</c>
    /// (https://github.com/sigstore/cosign/blob/main/pkg/cosign/bundle/rekor.go); null if it is none.
    /// </summary>
    public static RekorEntry? OfAnnotation(ReadOnlyMemory<byte> json)
    {
        using JsonDocument? document = SignatureJson.TryParse(json);
        JsonElement root = document?.RootElement ?? default;
        JsonElement payload = root.Member("Payload");
        return payload.Member("body").Base64() is { } body
            && root.Member("SignedEntryTimestamp").Base64() is { Length: > 0 } timestamp
            && payload.Member("integratedTime").Whole() is >= 0 and var time
            && payload.Member("logIndex").Whole() is >= 0 and var index
            && TryHex(payload.Member("logID").Text()) is { } log
                ? new RekorEntry { Body = body, IntegratedTime = time, LogIndex = index, LogId = log, SignedTimestamp = timestamp }
                : null;
    }

    /// <summary>
    /// Reads a TransparencyLogEntry of a bundle
    /// (https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_rekor.proto); null if it is none.
    /// </summary>
    public static RekorEntry? OfBundle(JsonElement entry) =>
        entry.Member("canonicalizedBody").Base64() is { } body && entry.Member("logId").Member("keyId").Base64() is { } log
            ? new RekorEntry
            {
                Body = body,

                // Protobuf's JSON leaves out a nought.
                IntegratedTime = entry.Member("integratedTime").Long() ?? 0,
                LogIndex = entry.Member("logIndex").Long() ?? 0,
                LogId = log,
                SignedTimestamp = entry.Member("inclusionPromise").Member("signedEntryTimestamp").Base64() ?? [],
                Inclusion = InclusionIn(entry.Member("inclusionProof")),
            }
            : null;

    /// <summary>Reads a LogEntry of Rekor's own answers; null if it is none.</summary>
    public static RekorEntry? OfAnswer(JsonElement entry)
    {
        JsonElement verification = entry.Member("verification");
        JsonElement proof = verification.Member("inclusionProof");
        return entry.Member("body").Base64() is { } body && TryHex(entry.Member("logID").Text()) is { } log
            ? new RekorEntry
            {
                Body = body,
                IntegratedTime = entry.Member("integratedTime").Whole() ?? 0,
                LogIndex = entry.Member("logIndex").Whole() ?? 0,
                LogId = log,
                SignedTimestamp = verification.Member("signedEntryTimestamp").Base64() ?? [],
                Inclusion = InclusionIn(proof, proof.Member("checkpoint").Text(), hash => TryHex(hash.Text())),
            }
            : null;
    }

    private static RekorInclusion? InclusionIn(JsonElement proof) =>
        InclusionIn(proof, proof.Member("checkpoint").Member("envelope").Text(), SignatureJson.Base64);

    private static RekorInclusion? InclusionIn(JsonElement proof, string? checkpoint, Func<JsonElement, byte[]?> read)
    {
        byte[]?[] hashes = [.. proof.Member("hashes").Items().Take(MaxHashes + 1).Select(read)];
        return checkpoint is not null
            && proof.Member("treeSize").Long() is > 0 and var size
            && read(proof.Member("rootHash")) is { } root
            && hashes.Length <= MaxHashes
            && hashes.All(hash => hash is not null)
                ? new RekorInclusion(proof.Member("logIndex").Long() ?? 0, size, root, [.. hashes.OfType<byte[]>()], checkpoint)
                : null;
    }

    private static byte[]? TryHex(string? text) =>
        text is { Length: > 0 and <= 128 } && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;
}

/// <summary>
/// The way from an entry to the root of the log's tree (https://www.rfc-editor.org/rfc/rfc6962#section-2.1.1), and the log's signature over
/// that root.
/// </summary>
/// <param name="Index">The entry's place in the tree.</param>
/// <param name="TreeSize">How many entries the tree has.</param>
/// <param name="Root">Its root.</param>
/// <param name="Hashes">The hashes beside the way, from the entry upwards.</param>
/// <param name="Checkpoint">A signed note (https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint.md).</param>
internal sealed record RekorInclusion(long Index, long TreeSize, byte[] Root, IReadOnlyList<byte[]> Hashes, string Checkpoint);
