using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ImageScan.Core.Vulnerabilities.Feeds.EndOfLifeDate;

/// <summary>
/// The page of a product in endoflife.date's repository: YAML between two lines of dashes, then text
/// (https://github.com/endoflife-date/endoflife.date/blob/master/CONTRIBUTING.md). It is read as events, and aliases are not followed, so that
/// no page can grow.
/// </summary>
internal static class EndOfLifePage
{
    private const int MaxDepth = 20;

    /// <summary>The ends of its releases; what is no such page is in <paramref name="report"/>. Throws nothing.</summary>
    public static IReadOnlyList<ReleaseEnd> EndsOf(string product, string page, FeedReport report)
    {
        var ends = new List<ReleaseEnd>();
        try
        {
            foreach (var release in ReleasesOf(page))
            {
                if (EndOfLifeProduct.EndOf(
                    product,
                    release.GetValueOrDefault("releaseCycle"),
                    release.GetValueOrDefault("eol"),
                    release.GetValueOrDefault("eoes"),
                    report) is { } end)
                {
                    ends.Add(end);
                }
            }
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // The library throws more than its YamlException, such as InvalidOperationException out of its scanner.
            report.AddMalformed(product, $"is no valid YAML: {broken.Message}");
        }

        return ends;
    }

    // Of each entry of "releases" the plain values.
    private static IEnumerable<IReadOnlyDictionary<string, string>> ReleasesOf(string page)
    {
        var parser = new Parser(new StringReader(page));
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        parser.Consume<MappingStart>();
        while (!parser.Accept<MappingEnd>(out _))
        {
            string? key = KeyOf(parser);
            if (key != "releases" || !parser.Accept<SequenceStart>(out _))
            {
                Skip(parser);
                continue;
            }

            parser.Consume<SequenceStart>();
            while (!parser.Accept<SequenceEnd>(out _))
            {
                if (parser.Accept<MappingStart>(out _))
                {
                    yield return ValuesOf(parser);
                }
                else
                {
                    Skip(parser);
                }
            }

            // What follows the YAML is text and may look like anything.
            yield break;
        }
    }

    private static Dictionary<string, string> ValuesOf(Parser parser)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        parser.Consume<MappingStart>();
        while (!parser.Accept<MappingEnd>(out _))
        {
            string? key = KeyOf(parser);
            if (key is not null && parser.Accept<Scalar>(out var value))
            {
                values.TryAdd(key, value.Value);
            }

            Skip(parser);
        }

        parser.Consume<MappingEnd>();
        return values;
    }

    private static string? KeyOf(Parser parser)
    {
        string? key = parser.Accept<Scalar>(out var scalar) ? scalar.Value : null;
        Skip(parser);
        return key;
    }

    private static void Skip(Parser parser)
    {
        int depth = 0;
        do
        {
            ParsingEvent next = parser.Consume<ParsingEvent>();
            depth += next.NestingIncrease;
            if (depth > MaxDepth)
            {
                throw new YamlException(next.Start, next.End, "It is nested too deep.");
            }
        }
        while (depth > 0);
    }
}
