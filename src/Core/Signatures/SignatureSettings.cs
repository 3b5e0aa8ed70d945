namespace ImageScan.Core.Signatures;

/// <summary>Whether and how signatures are looked for and verified: section <c>Signatures</c>.</summary>
public sealed record SignatureSettings
{
    /// <summary>
    /// Whether registries are asked for signatures at all; false is StackRox's <c>ROX_DISABLE_SIGNATURE_FETCHING</c>
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/signatures/factory.go).
    /// </summary>
    public bool Fetch { get; init; } = true;

    /// <summary>
    /// The authorities of keyless signatures, as PEM or as the path of a PEM file; the root is who signed itself. "" for the public Sigstore
    /// instance's.
    /// </summary>
    public string FulcioRoots { get; init; } = "";

    /// <summary>How long looking for the signatures of one image may take in all.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one integration may take to verify the signatures of one image in all, transparency log included.</summary>
    public TimeSpan VerifyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a transparency log may take to answer all questions of one integration about the signatures of one image; with less than
    /// <see cref="VerifyTimeout"/> it can be told from other delays.
    /// </summary>
    public TimeSpan LogTimeout { get; init; } = TimeSpan.FromSeconds(3);
}
