using ImageScan.Local.Commands;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Docs;

/// <summary>That the commands of <c>docs/command-line.md</c> are written as the program takes them.</summary>
public sealed class CommandLinePageTests
{
    [Fact]
    public void NamesCommandsThatThereAre()
    {
        // The first cell of each row of the first table; words in capitals are the reader's, … stands for commands below.
        string[] commands =
        [
            .. File.ReadLines(Repository.Path("docs", "command-line.md"))
                .SkipWhile(line => !line.StartsWith("| --- ", StringComparison.Ordinal)).Skip(1)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Split('`')[1].Replace("SHELL", "bash", StringComparison.Ordinal))
                .Where(command => !command.EndsWith('…')),
        ];

        Assert.Contains("scan IMAGE", commands);
        Assert.All(commands, command => Assert.Empty(CommandLine.Create().Parse(command).Errors.Select(error => error.Message)));
    }
}
