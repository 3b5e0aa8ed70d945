using System.Text.RegularExpressions;
using ImageScan.Core.Images;

namespace ImageScan.Core.Notifications;

/// <summary>
/// Which images are meant: <c>ghcr.io/acme/*</c>. A star stands for anything, slashes included; a pattern fits the whole of <c>host/repository</c> or of
/// <c>host/repository:tag</c>, in time that grows with the name alone.
/// </summary>
public sealed class ImagePatterns
{
    private const int MaxPatterns = 100;
    private const int MaxCharacters = 300;

    private readonly Regex[] _patterns;

    private ImagePatterns(IReadOnlyList<string> texts)
    {
        Texts = texts;
        _patterns = [.. texts.Select(text => new Regex(
            $@"\A{Regex.Escape(text).Replace(@"\*", ".*", StringComparison.Ordinal)}\z",
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline))];
    }

    /// <summary>The patterns as they were written; none if all images are meant.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Reads patterns that are separated by commas. Throws <see cref="FormatException"/>.</summary>
    public static ImagePatterns Of(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > MaxPatterns || parts.Any(part => part.Length > MaxCharacters))
        {
            throw new FormatException($"at most {MaxPatterns} patterns of at most {MaxCharacters} characters");
        }

        return parts.FirstOrDefault(part => !part.All(IsOfNames)) is { } wrong
            ? throw new FormatException($"{HostileText.Quote(wrong)} is no pattern of names of images: only * stands for others")
            : new ImagePatterns(parts);
    }

    /// <summary>Whether an image is meant.</summary>
    public bool Fits(ImageReference image)
    {
        string repository = $"{image.Registry}/{image.Remote}";
        return _patterns.Length == 0
            || _patterns.Any(pattern => pattern.IsMatch(repository) || (image.Tag.Length > 0 && pattern.IsMatch($"{repository}:{image.Tag}")));
    }

    private static bool IsOfNames(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or '/' or ':' or '[' or ']' or '*';
}
