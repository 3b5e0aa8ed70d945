using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>What a signer says: which content is meant, and under which name.</summary>
/// <param name="Digests">The digests of which it speaks, as written.</param>
/// <param name="Name">The name for which it speaks; null if it speaks for the content under any name.</param>
internal sealed record SignedClaim(IReadOnlyList<string> Digests, string? Name)
{
    /// <summary>What cosign signs with bundles (https://github.com/sigstore/cosign/blob/main/pkg/types/predicate.go).</summary>
    public const string SignPredicate = "https://sigstore.dev/cosign/sign/v1";

    private const string StatementV1 = "https://in-toto.io/Statement/v1";
    private const string StatementV01 = "https://in-toto.io/Statement/v0.1";

    /// <summary>
    /// Reads a "simple signing" document (https://github.com/containers/image/blob/main/docs/containers-signature.5.md). Throws
    /// <see cref="UnverifiedException"/> (Corrupted).
    /// </summary>
    public static SignedClaim OfSimpleSigning(ReadOnlyMemory<byte> payload)
    {
        using JsonDocument? document = SignatureJson.TryParse(payload);
        JsonElement critical = document?.RootElement.Member("critical") ?? default;
        return critical.ValueKind == JsonValueKind.Object
            ? new SignedClaim(
                critical.Member("image").Member("docker-manifest-digest").Text() is { } digest ? [digest] : [],
                critical.Member("identity").Member("docker-reference").Text() ?? "")
            : throw UnverifiedException.Corrupted("corrupted signature: what was signed is no simple signing document");
    }

    /// <summary>
    /// Reads an in-toto statement (https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md), which names contents only. Throws
    /// <see cref="UnverifiedException"/>: Corrupted for what is none, Failed for one that says something else than that it was signed.
    /// </summary>
    public static SignedClaim OfStatement(ReadOnlyMemory<byte> payload)
    {
        using JsonDocument? document = SignatureJson.TryParse(payload);
        JsonElement root = document?.RootElement ?? default;
        if (root.Member("_type").Text() is not (StatementV1 or StatementV01))
        {
            throw UnverifiedException.Corrupted("corrupted signature: what was signed is no in-toto statement");
        }

        // A trusted key that attests a failed test of an image has not signed the image.
        return root.Member("predicateType").Text() is SignPredicate
            ? new SignedClaim([.. root.Member("subject").Items().SelectMany(DigestsOf)], null)
            : throw UnverifiedException.Failed($"what was signed is an attestation ({HostileText.Plain(PredicateOf(root))}), not a signature of the image");
    }

    /// <summary>The predicate of a statement; null if it is no statement.</summary>
    public static string? PredicateOf(ReadOnlyMemory<byte> payload)
    {
        using JsonDocument? document = SignatureJson.TryParse(payload);
        return document?.RootElement.Member("predicateType").Text();
    }

    /// <summary>Throws <see cref="UnverifiedException"/> (Failed) unless one of the images is meant.</summary>
    public void EnsureMeansOneOf(IReadOnlyList<Digest> images)
    {
        if (!Digests.Any(digest => images.Any(image => image.ToString() == digest)))
        {
            string claimed = Digests.Count > 0 ? HostileText.Plain(string.Join(", ", Digests)) : "";
            throw UnverifiedException.Failed($"invalid or missing digest in claim: {claimed}");
        }
    }

    private static string PredicateOf(JsonElement root) => root.Member("predicateType").Text() ?? "";

    private static IEnumerable<string> DigestsOf(JsonElement subject) =>
        subject.Member("digest").Members().Select(digest => $"{digest.NameText()}:{digest.Value.Text()}");
}
