using System.CommandLine;
using System.CommandLine.Parsing;

namespace ImageScan.Local.Commands;

/// <summary>What a mistyped word was probably meant to be.</summary>
internal static class Suggestion
{
    // One letter in three may be wrong, and two of a short word: they may have changed places.
    private const int LettersPerMistake = 3;
    private const int FewMistakes = 2;
    private const int MaxCharacters = 40;

    /// <summary>For each word that the command does not know, the option or command that is nearest, if one is near; in their order.</summary>
    public static IEnumerable<(string Word, string Meant)> Of(ParseResult parsed)
    {
        string[] known = [.. KnownTo(parsed.CommandResult)];
        foreach (string word in parsed.UnmatchedTokens.Where(word => word.Length <= MaxCharacters))
        {
            // --fail-on=high is the option and its value.
            string name = word.StartsWith('-') ? word.Split('=', 2)[0] : word;
            if (known.Where(candidate => candidate.StartsWith('-') == name.StartsWith('-')).MinBy(candidate => Distance(name, candidate)) is { } nearest
                && Distance(name, nearest) <= Math.Max(FewMistakes, nearest.Length / LettersPerMistake))
            {
                yield return (word, nearest);
            }
        }
    }

    /// <summary>How many letters must be added, left out or changed (https://en.wikipedia.org/wiki/Levenshtein_distance).</summary>
    internal static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private static IEnumerable<string> KnownTo(CommandResult result)
    {
        IEnumerable<Option> options = result.Command.Options.Where(option => !option.Hidden);
        return options.SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal))
            .Concat(result.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name));
    }
}
