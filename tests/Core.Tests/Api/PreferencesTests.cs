using CsCheck;
using ImageScan.Core.Api;
using Microsoft.Extensions.Primitives;

namespace ImageScan.Core.Tests.Api;

public sealed class PreferencesTests
{
    private const string TokenCharacters = "abcXYZ019!#$%&'*+-.^_`|~";
    private static readonly Gen<string> Blanks = Gen.Char[" \t"].Array[0, 3].Select(characters => new string(characters));
    private static readonly Gen<string> Token = Gen.Char[TokenCharacters].Array[1, 8].Select(characters => new string(characters));
    private static readonly Gen<string> Word = Gen.OneOf(Token, Gen.Char[" ,;=\"\\aZ0é"].Array[0, 8].Select(characters => Quoted(new string(characters))));

    [Theory]
    [InlineData("respond-async", true, null)]
    [InlineData("respond-async, wait=10", true, 10)]
    [InlineData("wait=10,respond-async", true, 10)]
    [InlineData("Respond-Async;Wait=3, WAIT = 7", true, 7)]
    [InlineData("wait=\"5\"", false, 5)]
    [InlineData("wait=\"\\5\"", false, 5)]
    [InlineData("wait=0", false, 0)]
    [InlineData("wait=007", false, 7)]
    [InlineData("respond-async=\"\"", true, null)]
    [InlineData("respond-async=", true, null)]
    [InlineData("return=minimal; foo=\"some, parameter\", respond-async", true, null)]
    [InlineData("respond-async ; ; a ;b=\"c\" , wait=1", true, 1)]
    [InlineData(",, respond-async ,", true, null)]
    [InlineData("handling=lenient", false, null)]
    [InlineData("", false, null)]
    public void ReadsWhatTheGrammarAllows(string line, bool respondAsync, int? wait) => Assert.Equal(Of(respondAsync, wait), Preferences.Read(line));

    [Theory]
    [InlineData("wait=-1")]
    [InlineData("wait=1.5")]
    [InlineData("wait=ten")]
    [InlineData("wait=")]
    [InlineData("wait")]
    [InlineData("wait=\"5")]
    [InlineData("wait=٣")]
    [InlineData("wait 5")]
    [InlineData("x=\"respond-async, wait=5\"")]
    [InlineData("x; respond-async; wait=5")]
    [InlineData("\"respond-async, wait=5\"")]
    [InlineData("respond-async=false")]
    [InlineData("respond-async x")]
    [InlineData("respond-async; =x")]
    [InlineData("respond-asynchronously")]
    [InlineData("\"\\")]
    public void PassesOverWhatItDoesNotUnderstand(string line) => Assert.Equal(Of(respondAsync: false, wait: null), Preferences.Read(line));

    [Fact]
    public void GoesOnAfterAnElementThatCannotBeRead() =>
        Assert.Equal(Of(respondAsync: true, 4), Preferences.Read("{\"a\": \"b,wait=9\"}, respond-async, (x), wait=4"));

    [Fact]
    public void LetsTheFirstCountOfThoseThatAreThereTwice()
    {
        Assert.Equal(Of(respondAsync: false, 1), Preferences.Read(new StringValues(["wait=1, wait=2", "wait=3"])));
        Assert.Equal(Of(respondAsync: false, null), Preferences.Read("wait=x, wait=2"));
        Assert.Equal(Of(respondAsync: false, null), Preferences.Read("respond-async=no, respond-async"));
    }

    [Fact]
    public void ReadsSeveralLines() =>
        Assert.Equal(Of(respondAsync: true, 20), Preferences.Read(new StringValues(["return=\"minimal", "respond-async", null, "wait=20"])));

    [Theory]
    [InlineData("wait=2147483648")]
    [InlineData("wait=2147483649")]
    [InlineData("wait=99999999999999999999999999999999999999999")]
    public void TakesMoreSecondsThanCanBeForVeryMany(string line) => Assert.Equal(TimeSpan.FromSeconds(1L << 31), Preferences.Read(line).Wait);

    [Theory]
    [InlineData("respond-async", "respond-async", null)]
    [InlineData("wait=\"5\"; x, respond-async", "respond-async, wait=5", "wait=5")]
    public void SaysWhatItApplied(string line, string async, string? wait)
    {
        var preferences = Preferences.Read(line);

        Assert.Equal((async, wait), (preferences.AppliedAsync, preferences.AppliedWait));
    }

    [Theory]
    [InlineData("wait=201, respond-async", "wait=200")]
    [InlineData("wait=200", "wait=200")]
    [InlineData("respond-async", null)]
    public void WaitNoLongerThanMayBe(string line, string? applied) =>
        Assert.Equal(applied, Preferences.Read(line).WaitingAtMost(TimeSpan.FromSeconds(200)).AppliedWait);

    // Whatever stands before, behind and around them, however it is spread over lines.
    [Fact]
    public void FindsBothAmongAnyOthers() =>
        Gen.Select(Gen.Select(Other.Array[0, 4], Other.Array[0, 4]), Gen.Int[0, 100_000], Blanks, Gen.Bool).Sample(
            (others, seconds, blank, isOneLine) =>
            {
                (string[] before, string[] behind) = others;
                string wait = $"wAit{blank}={blank}{(isOneLine ? Quoted($"{seconds}") : $"{seconds}")}{blank};{blank}wait=1";
                string[] all = [.. before, $"RESPOND-async{blank}", $"{blank}{wait}", .. behind];

                Preferences read = Preferences.Read(isOneLine ? new StringValues(string.Join(',', all)) : new StringValues(all));

                Assert.Equal(Of(respondAsync: true, seconds), read);
            },
            iter: 500);

    [Fact]
    public void ReadsAnythingWithoutAWord() =>
        Gen.Char["wait=5respond-async,;\"\\ \t\0é"].Array[0, 60].Select(characters => new string(characters)).Sample(
            text =>
            {
                Preferences read = Preferences.Read(text);

                Assert.True(read.Wait is null || read.Wait >= TimeSpan.Zero);
                Assert.Equal(read, Preferences.Read($"{text.TrimEnd(' ', '\t')},"));
            },
            iter: 2_000);

    // A line as long as a server takes is read in one go.
    [Fact]
    public void IsNotSlowedDownByOpenQuotes()
    {
        string line = string.Concat(Enumerable.Repeat("\"\\\"", 10_000));

        Assert.Equal(Of(respondAsync: false, null), Preferences.Read(line));
    }

    private static Gen<string> Other => Gen.Select(Token, Word, Blanks, Token, Word).Select((name, word, blank, parameter, value) =>
        $"{blank}x-{name}{blank}={blank}{word}{blank};{blank}{parameter}={value}");

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static Preferences Of(bool respondAsync, int? wait) =>
        new(respondAsync, wait is null ? null : TimeSpan.FromSeconds(wait.Value));
}
