using System.Text.RegularExpressions;

namespace ImageScan.Core.Inventory.Licenses;

/// <summary>
/// A tree of SPDX licences (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/): WITH binds tighter than AND, AND than OR.
/// </summary>
internal sealed partial class LicenseExpression
{
    private const string And = "AND";
    private const string Or = "OR";

    // Nobody states more than a few dozen licences; what is longer is a text.
    private const int MaxCharacters = 2000;
    private const int MaxDepth = 50;

    private readonly string _operator;
    private readonly IReadOnlyList<LicenseExpression> _operands;

    private LicenseExpression(string text, string? id, string @operator, IReadOnlyList<LicenseExpression> operands)
    {
        Text = text;
        Id = id;
        _operator = @operator;
        _operands = operands;
    }

    /// <summary>The ids of all licences in it, in their order.</summary>
    public IEnumerable<string> LicenseIds => Id is { } id ? [id] : _operands.SelectMany(operand => operand.LicenseIds);

    private string Text { get; }

    private string? Id { get; }

    /// <summary>
    /// The expression that a text means; null unless every part of it is known. Also understood are lower-case operators, the short names
    /// and full names of <see cref="LicenseNames"/>, and the comma of Debian's copyright files.
    /// </summary>
    public static LicenseExpression? Parse(string text)
    {
        if (text.Length > MaxCharacters)
        {
            return null;
        }

        return Leaf(text) ?? new Reader(Tokens(text)).ReadAll();
    }

    public override string ToString() => Text;

    // A licence alone, or what stands for an expression: "GPL+ or Artistic".
    private static LicenseExpression? Leaf(string phrase) => LicenseNames.Find(phrase) switch
    {
        null => null,
        var known when known.Contains(' ') => new Reader(Tokens(known)).ReadAll(),
        var known => new LicenseExpression(known, LicenseNames.IsId(known) ? known : known[..^1], "", []),
    };

    private static LicenseExpression? With(LicenseExpression license, string exception) =>
        license.Id is { } id && license._operands.Count == 0 && !license.Text.Contains(' ') && LicenseNames.FindException(exception) is { } known
            ? new LicenseExpression($"{license.Text} WITH {known}", id, "", [])
            : null;

    private static LicenseExpression Joined(string @operator, IEnumerable<LicenseExpression> operands)
    {
        LicenseExpression[] flat =
        [
            .. operands
                .SelectMany(operand => operand._operator == @operator ? operand._operands : [operand])
                .DistinctBy(operand => operand.Text),
        ];
        return flat is [var only]
            ? only
            : new LicenseExpression(string.Join($" {@operator} ", flat.Select(operand => Enclosed(operand, @operator))), null, @operator, flat);
    }

    private static string Enclosed(LicenseExpression operand, string @operator) =>
        operand._operator == Or && @operator == And ? $"({operand.Text})" : operand.Text;

    // One blank for many: from each of those the patterns would look for the end of all.
    private static string[] Tokens(string text)
    {
        string words = string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        return [.. Token().Matches(AtLeast().Replace(OrLater().Replace(words, "+"), " $1+")).Select(match => match.Value)];
    }

    // R's "GPL (>= 2)" (https://cran.r-project.org/doc/manuals/R-exts.html#Licensing).
    [GeneratedRegex(@"\( *>= *([0-9.]+) *\)", RegexOptions.CultureInvariant)]
    private static partial Regex AtLeast();

    [GeneratedRegex(@"[(),|]|[^\s(),|]+", RegexOptions.CultureInvariant)]
    private static partial Regex Token();

    // "GPL version 2 or later" has no operator.
    [GeneratedRegex(@",? +or +(any +)?(later|newer|greater|above)( +versions?)?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OrLater();

    private sealed class Reader(string[] tokens)
    {
        private int _at;
        private int _depth;

        public LicenseExpression? ReadAll() => ReadList() is { } expression && _at == tokens.Length ? expression : null;

        // "A or B, and C" is "(A or B) and C" (https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/#license-syntax).
        private LicenseExpression? ReadList()
        {
            LicenseExpression? left = ReadOr();
            while (left is not null && Take(","))
            {
                string? @operator = TakeWord(And) ? And : TakeWord(Or) ? Or : null;
                left = @operator is not null && ReadOr() is { } right ? Joined(@operator, [left, right]) : null;
            }

            return left;
        }

        private LicenseExpression? ReadOr() => ReadOperands(Or, ReadAnd);

        private LicenseExpression? ReadAnd() => ReadOperands(And, ReadUnit);

        private LicenseExpression? ReadOperands(string @operator, Func<LicenseExpression?> read)
        {
            var operands = new List<LicenseExpression>();
            do
            {
                if (read() is not { } operand)
                {
                    return null;
                }

                operands.Add(operand);
            }
            while (TakeWord(@operator));
            return Joined(@operator, operands);
        }

        private LicenseExpression? ReadUnit()
        {
            if (!Take("("))
            {
                LicenseExpression? license = Leaf(ReadPhrase());
                return license is not null && TakeWord("WITH") ? With(license, ReadPhrase()) : license;
            }

            if (++_depth > MaxDepth)
            {
                return null;
            }

            LicenseExpression? inner = ReadList();
            _depth--;
            return Take(")") ? inner : null;
        }

        // Names have several words: "Mozilla Public License 2.0".
        private string ReadPhrase()
        {
            int start = _at;
            while (_at < tokens.Length && tokens[_at] is not ("(" or ")" or ",") && !IsWord(And) && !IsWord(Or) && !IsWord("WITH"))
            {
                _at++;
            }

            return string.Join(' ', tokens[start.._at]);
        }

        private bool Take(string token)
        {
            bool here = _at < tokens.Length && tokens[_at] == token;
            _at += here ? 1 : 0;
            return here;
        }

        private bool TakeWord(string word)
        {
            bool here = IsWord(word);
            _at += here ? 1 : 0;
            return here;
        }

        // R writes a bar.
        private bool IsWord(string word) => _at < tokens.Length
            && (tokens[_at].Equals(word, StringComparison.OrdinalIgnoreCase) || (word == Or && tokens[_at] == "|"));
    }
}
