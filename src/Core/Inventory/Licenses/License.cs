namespace ImageScan.Core.Inventory.Licenses;

/// <summary>A licence as a package states it, in SPDX's words where they can be told.</summary>
/// <param name="Name">
/// The id (<c>MIT</c>), the expression (<c>GPL-2.0-or-later WITH Classpath-exception-2.0</c>), or what the package states, hostile as it
/// is, cut after 500 characters.
/// </param>
/// <param name="Form">Which of the three.</param>
/// <param name="Url">The page that SPDX has of it; "" unless exactly one of SPDX's licences is meant.</param>
public sealed record License(string Name, LicenseForm Form, string Url)
{
    // Some packages state the whole text of their licence.
    private const int MaxStatedCharacters = 500;
    private const string Ellipsis = "…";

    /// <summary>The licence that a package states; null if it states none. An address in it is never taken over: it is the image's word.</summary>
    public static License? Of(string? stated)
    {
        // Python's setuptools wrote UNKNOWN, SPDX documents write the others, for none.
        string text = stated?.Trim() ?? "";
        if (text is "" or "UNKNOWN" or "NOASSERTION" or "NONE")
        {
            return null;
        }

        return LicenseExpression.Parse(text) is { } expression ? Recognized(expression) : AsStated(text);
    }

    private static License Recognized(LicenseExpression expression)
    {
        string name = expression.ToString();
        string[] ids = [.. expression.LicenseIds.Distinct()];
        return new License(
            name,
            ids is [var only] && only == name ? LicenseForm.Id : LicenseForm.Expression,
            ids is [var id] ? $"https://spdx.org/licenses/{id}.html" : "");
    }

    private static License AsStated(string text)
    {
        int end = Math.Min(text.Length, MaxStatedCharacters);
        end -= end < text.Length && char.IsHighSurrogate(text[end - 1]) ? 1 : 0;
        return new License(end < text.Length ? text[..end] + Ellipsis : text, LicenseForm.Stated, "");
    }
}

/// <summary>How a licence is written.</summary>
public enum LicenseForm
{
    /// <summary>One id of the SPDX License List.</summary>
    Id,

    /// <summary>An SPDX expression (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/) of such ids.</summary>
    Expression,

    /// <summary>Something else, or something that could mean several licences.</summary>
    Stated,
}
