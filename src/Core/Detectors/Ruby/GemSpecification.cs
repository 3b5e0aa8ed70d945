using System.Text;

namespace ImageScan.Core.Detectors.Ruby;

/// <summary>
/// The text of a <c>.gemspec</c>, line by line. RubyGems writes those of installed gems itself, one assignment a line, with literal values:
/// <c>s.name = "nokogiri".freeze</c> (https://github.com/rubygems/rubygems, Specification#to_ruby). What is worked out (<c>Foo::VERSION</c>)
/// is not taken.
/// </summary>
internal sealed class GemSpecification
{
    private const int MaxLicenses = 16;

    private string? _stubName;
    private string? _stubVersion;
    private string? _name;
    private string? _version;

    public string? Name => _name ?? _stubName;

    /// <summary>Without the platform, which stands in a line of its own.</summary>
    public string? Version => _version ?? _stubVersion;

    /// <summary>All of them; the format does not say whether to choose one.</summary>
    public string? License { get; private set; }

    public void Take(ReadOnlySpan<byte> utf8)
    {
        ReadOnlySpan<byte> line = utf8.TrimStart(" \t"u8);

        // "# stub: nokogiri 1.15.4 x86_64-linux lib": what RubyGems itself reads in place of the rest.
        if (line.StartsWith("# stub: "u8))
        {
            if (Encoding.UTF8.GetString(line).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, var name, var version, ..])
            {
                (_stubName, _stubVersion) = (name, version);
            }

            return;
        }

        // Ruby's variable may have any name.
        int dot = line.IndexOf((byte)'.');
        int equals = line.IndexOf((byte)'=');
        if (dot <= 0 || equals < dot || line[0] == '#')
        {
            return;
        }

        ReadOnlySpan<byte> attribute = line[(dot + 1)..equals].TrimEnd(" \t"u8);
        ReadOnlySpan<byte> value = line[(equals + 1)..];
        switch (attribute.Length)
        {
            case 4 when attribute.SequenceEqual("name"u8): _name ??= FirstOf(value); break;
            case 7 when attribute.SequenceEqual("version"u8): _version ??= FirstOf(value); break;
            case 7 when attribute.SequenceEqual("license"u8):
            case 8 when attribute.SequenceEqual("licenses"u8): License ??= AllOf(value); break;
        }
    }

    // Only where the value begins with it, or with Gem::Version.new("1.0"): a text inside of other code may be anything.
    private static string? FirstOf(ReadOnlySpan<byte> value)
    {
        string text = Encoding.UTF8.GetString(value).Trim();
        foreach (string wrapping in (ReadOnlySpan<string>)["Gem::Version.new(", "Gem::Version.new "])
        {
            text = text.StartsWith(wrapping, StringComparison.Ordinal) ? text[wrapping.Length..].TrimStart() : text;
        }

        return RubyLiteral.TryRead(text, out string literal, out _) && literal.Length > 0 ? literal : null;
    }

    private static string? AllOf(ReadOnlySpan<byte> value)
    {
        string text = Encoding.UTF8.GetString(value).Trim().TrimStart('[');
        List<string> licenses = [];
        while (licenses.Count < MaxLicenses && RubyLiteral.TryRead(text.TrimStart(), out string literal, out string rest))
        {
            if (literal.Length > 0)
            {
                licenses.Add(literal);
            }

            int comma = rest.IndexOf(',', StringComparison.Ordinal);
            text = comma < 0 ? "" : rest[(comma + 1)..];
        }

        return licenses.Count == 0 ? null : string.Join(", ", licenses);
    }
}
