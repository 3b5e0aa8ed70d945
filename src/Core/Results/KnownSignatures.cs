using ImageScan.Core.Images;
using ImageScan.Core.Signatures;

namespace ImageScan.Core.Results;

/// <summary>What is known of who signed an image.</summary>
public sealed record KnownSignatures
{
    /// <summary>What was found, each once; empty if nothing was.</summary>
    public IReadOnlyList<CosignSignature> Signatures { get; init; } = [];

    /// <summary>When a registry was last asked.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>The digests that may have been signed: the manifest's, and those of indexes that a name of the image pointed at.</summary>
    public IReadOnlyList<Digest> Digests { get; init; } = [];

    /// <summary>Where was asked for which digest, as <c>registry/repository@digest</c>.</summary>
    public IReadOnlyList<string> Asked { get; init; } = [];

    /// <summary>What kept a registry from telling all, or was left out; for people.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>For which integrations, names, signatures and verifier the results are; "" if there are none.</summary>
    public string ResultsOf { get; init; } = "";

    /// <summary>What each integration says, ordered by its id.</summary>
    public IReadOnlyList<VerificationResult> Results { get; init; } = [];
}
