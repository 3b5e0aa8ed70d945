using System.Text.RegularExpressions;

namespace ImageScan.TestSupport;

/// <summary>One request of <c>docs/recipes.md</c>.</summary>
/// <param name="Method">Its HTTP method.</param>
/// <param name="Path">Its path without a leading slash, with variables of the shell where they stand.</param>
/// <param name="Parameters">The names of its query parameters.</param>
/// <param name="Statuses">The statuses that the page promises.</param>
/// <param name="Command">The command as it stands there.</param>
internal sealed partial record Recipe(string Method, string Path, IReadOnlyList<string> Parameters, IReadOnlyList<string> Statuses, string Command)
{
    private const string Page = "docs/recipes.md";

    /// <summary>What is done before all others, with values that are each reader's own.</summary>
    private const string Before = "Before";

    /// <summary>All blocks of the page as one script, but for what each reader fills in.</summary>
    public static string Script() => string.Concat(Blocks());

    /// <summary>The requests, in the order of the page.</summary>
    public static IReadOnlyList<Recipe> Read() => [.. Blocks().SelectMany(block => Curl().Matches(block).Select(match => Of(match.Value)))];

    private static IEnumerable<string> Blocks() => Section().Matches(File.ReadAllText(Repository.Path(Page)))
        .Where(section => section.Groups[1].Value != Before)
        .SelectMany(section => Block().Matches(section.Value).Select(block => block.Groups[1].Value));

    private static Recipe Of(string command)
    {
        Match address = Address().Match(command);
        bool isGet = Get().IsMatch(command);
        string method = StatedMethod().Match(command) is { Success: true } stated ? stated.Groups[1].Value
            : Head().IsMatch(command) ? "HEAD"
            : !isGet && Body().IsMatch(command) ? "POST"
            : "GET";
        IEnumerable<string> parameters = Parameter().Matches(address.Groups[2].Value).Concat(Encoded().Matches(command)).Select(match => match.Groups[1].Value);
        string[] statuses = [.. Status().Matches(Promise().Match(command).Groups[1].Value).Select(match => match.Value)];
        return new Recipe(method, address.Groups[1].Value, [.. parameters], statuses.Length > 0 ? statuses : ["200"], command);
    }

    [GeneratedRegex(@"^## (.+)\n[\s\S]*?(?=^## |\z)", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^```sh\n([\s\S]*?)^```", RegexOptions.Multiline)]
    private static partial Regex Block();

    // What belongs to a command and stands in another line begins with a space.
    [GeneratedRegex(@"\bcurl -[^\n]*(?:\n[ ][^\n]*)*")]
    private static partial Regex Curl();

    [GeneratedRegex("""\$APP/((?:\$\([^)]*\)|[^\s"'?])*)(\?[^\s"']*)?""")]
    private static partial Regex Address();

    [GeneratedRegex(@" -X ([A-Z]+) ")]
    private static partial Regex StatedMethod();

    [GeneratedRegex("^curl -[a-zA-Z]*I")]
    private static partial Regex Head();

    [GeneratedRegex("^curl -[a-zA-Z]*G")]
    private static partial Regex Get();

    [GeneratedRegex(" (?:-d|--data-binary) ")]
    private static partial Regex Body();

    [GeneratedRegex("[?&]([^=&]+)=")]
    private static partial Regex Parameter();

    [GeneratedRegex("--data-urlencode '?([^=]+)=")]
    private static partial Regex Encoded();

    [GeneratedRegex(@" # (\d{3}\b.*)\z")]
    private static partial Regex Promise();

    [GeneratedRegex(@"\b\d{3}\b")]
    private static partial Regex Status();
}
