using System.Text;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>Whether an entry is in a transparency log whose key is trusted, without asking it.</summary>
internal static class RekorProof
{
    /// <summary>
    /// Throws <see cref="UnverifiedException"/> (Failed) unless the entry is about this signature and all that it brings to prove its place
    /// in the log is right, one thing at least. Returns when the log had it; null if that is not proven.
    /// </summary>
    public static DateTimeOffset? Ensure(RekorEntry entry, IReadOnlyList<VerifyingKey> logs, DecodedSignature signature, VerifyingKey key, byte[]? certificate)
    {
        VerifyingKey log = logs.FirstOrDefault(log => log.LogId().AsSpan().SequenceEqual(entry.LogId))
            ?? throw UnverifiedException.Failed("verifying bundle: rekor log public key not found for payload");
        if (RekorRecord.TryRead(entry.Body)?.IsAbout(signature.Payload, signature.Raw, key, certificate) != true)
        {
            throw UnverifiedException.Failed("the transparency log's entry is about another signature");
        }

        if (entry.SignedTimestamp.Length == 0 && entry.Inclusion is null)
        {
            throw UnverifiedException.Failed("the transparency log's entry brings no proof");
        }

        if (entry.SignedTimestamp.Length > 0 && !log.Verifies(SignedBytes(entry), entry.SignedTimestamp))
        {
            throw UnverifiedException.Failed("unable to verify SET");
        }

        if (entry.Inclusion is { } inclusion && !(MerkleProof.Leads(entry.Body, inclusion) && Checkpoint.Says(inclusion.Checkpoint, log, inclusion)))
        {
            throw UnverifiedException.Failed("unable to verify inclusion in the transparency log");
        }

        return entry.SignedTimestamp.Length > 0 && entry.IntegratedTime is > 0 and <= 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(entry.IntegratedTime)
            : null;
    }

    // RFC 8785: members by name, no blanks, whole numbers plain; base64 and hexadecimal hold nothing that JSON escapes
    // (https://github.com/sigstore/rekor/blob/main/openapi.yaml, signedEntryTimestamp).
    private static byte[] SignedBytes(RekorEntry entry)
    {
        string body = Convert.ToBase64String(entry.Body);
        string log = Convert.ToHexStringLower(entry.LogId);
        return Encoding.ASCII.GetBytes(
            $$"""{"body":"{{body}}","integratedTime":{{entry.IntegratedTime}},"logID":"{{log}}","logIndex":{{entry.LogIndex}}}""");
    }
}
