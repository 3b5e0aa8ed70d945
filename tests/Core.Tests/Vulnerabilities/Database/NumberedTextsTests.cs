using CsCheck;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Tests.Vulnerabilities.Database;

public sealed class NumberedTextsTests
{
    [Fact]
    public void NumbersEachTextOnceInTheOrderInWhichTheyCome()
    {
        Gen.String[Gen.Char['a', 'd'], 0, 4].Array[0, 400].Sample(given =>
        {
            var texts = new NumberedTexts();
            var model = new List<string>();

            foreach (string text in given)
            {
                int number = texts.NumberOf(text);
                if (!model.Contains(text))
                {
                    model.Add(text);
                }

                Assert.Equal(model.IndexOf(text), number);
            }

            Assert.Equal(model.Count, texts.Count);
            Assert.Equal(model, Enumerable.Range(0, texts.Count).Select(texts.TextOf));
        });
    }

    [Fact]
    public void HoldsManyAndLongTexts()
    {
        var texts = new NumberedTexts();
        string[] given = [.. Enumerable.Range(0, 20_000).Select(i => $"{new string('x', i % 50)}-{i}"), new string('y', 100_000), "", "ü€𝄞"];

        int[] numbers = [.. given.Select(texts.NumberOf)];

        Assert.Equal(given, numbers.Select(texts.TextOf));
        Assert.Equal(numbers, given.Select(texts.NumberOf));
    }

    [Fact]
    public void ComparesByTheirBytes()
    {
        var texts = new NumberedTexts();
        (int b, int a, int ab) = (texts.NumberOf("b"), texts.NumberOf("a"), texts.NumberOf("ab"));

        Assert.True(texts.Compare(a, b) < 0);
        Assert.True(texts.Compare(ab, a) > 0);
        Assert.Equal(0, texts.Compare(b, b));
    }
}
