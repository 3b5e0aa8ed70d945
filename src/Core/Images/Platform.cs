using System.Diagnostics.CodeAnalysis;

namespace ImageScan.Core.Images;

/// <summary>
/// What an image runs on, <c>os/architecture[/variant]</c> in Go's names
/// (https://github.com/opencontainers/image-spec/blob/main/image-index.md).
/// </summary>
public sealed record Platform(string Os, string Architecture, string? Variant = null)
{
    /// <summary>The platform that is scanned unless the caller names another.</summary>
    public static Platform Default { get; } = new("linux", "amd64");

    /// <summary>Reads <c>linux/arm64/v8</c>; false unless it has two or three non-empty lower-case parts.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Platform? platform)
    {
        string[] parts = (text ?? "").Split('/');
        bool valid = parts.Length is 2 or 3
            && parts.All(part => part.Length is > 0 and <= 32 && part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-'));
        platform = valid ? new Platform(parts[0], parts[1], parts.ElementAtOrDefault(2)) : null;
        return valid;
    }

    /// <summary>
    /// Whether something for the other may be given to who asks for this: the variant counts only where both say one, and <c>arm64</c> is
    /// <c>arm64/v8</c>, <c>arm</c> is <c>arm/v7</c> (https://github.com/containerd/platforms, Normalize).
    /// </summary>
    public bool Accepts(Platform other) =>
        Os == other.Os && Architecture == other.Architecture
        && (VariantOrUsual is not { } asked || other.VariantOrUsual is not { } given || asked == given);

    private string? VariantOrUsual => Variant ?? Architecture switch
    {
        "arm64" => "v8",
        "arm" => "v7",
        _ => null,
    };

    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
