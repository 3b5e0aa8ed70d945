using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Ruby;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Ruby;

public sealed class GemDetectorTests
{
    private const string File = "usr/local/bundle/specifications/nokogiri-1.15.4-x86_64-linux.gemspec";

    private readonly GemDetector _detector = new();

    [Fact]
    public void ReadsTheSpecificationOfARealDefaultGem()
    {
        const string Path = "usr/lib/ruby/gems/3.1.0/specifications/default/racc-1.6.0.gemspec";

        FileFindings found = Detection.ReadTestData(_detector, Path, "racc-1.6.0.gemspec");

        Package package = Assert.Single(found.Packages);
        Assert.Equal(
            (PackageType.Gem, "racc", "1.6.0", "Ruby, BSD-2-Clause", Path),
            (package.Type, package.Name, package.Version, package.License, package.Path));
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void LeavesThePlatformOutOfTheVersion()
    {
        const string Text = """
            # stub: nokogiri 1.15.4 x86_64-linux lib

            Gem::Specification.new do |s|
              s.name = "nokogiri".freeze
              s.version = "1.15.4"
              s.platform = "x86_64-linux".freeze
              s.licenses = ["MIT".freeze]
            """;

        Package package = Assert.Single(Detection.Read(_detector, File, Text).Packages);

        Assert.Equal(("nokogiri", "1.15.4", "MIT"), (package.Name, package.Version, package.License));
    }

    [Theory]
    [InlineData("s.name = %q{rake}\n  s.version = \"0.8.7\"", "rake", "0.8.7")]
    [InlineData("spec.name='rake'\nspec.version='1'", "rake", "1")]
    [InlineData("  s.name    = \"rake\"\r\n  s.version = Gem::Version.new(\"1.0.a\")", "rake", "1.0.a")]
    [InlineData("# s.name = \"no\"\ns.name = \"rake\"\ns.version = \"1\"\ns.name = \"later\"", "rake", "1")]
    [InlineData("s.name = \"rake\"\ns.version = \"1\"\ns.required_version = \"9\"\ns.metadata = { \"name\" => \"x\" }", "rake", "1")]
    public void ReadsEveryFormOfAssignment(string text, string name, string version)
    {
        Package package = Assert.Single(Detection.Read(_detector, File, text).Packages);

        Assert.Equal((name, version), (package.Name, package.Version));
    }

    [Theory]
    [InlineData("s.name = \"bundler\"\ns.version = Bundler::VERSION")]
    [InlineData("s.name = NAME\ns.version = \"#{MAJOR}.0\"")]
    [InlineData("s.version = \"1\\u0030\"")]
    [InlineData("")]
    public void TakesFromTheFileNameWhatTheProgramWorksOut(string text)
    {
        FileFindings found = Detection.Read(_detector, "opt/ruby/lib/ruby/gems/3.2.0/specifications/default/bundler-2.4.10.gemspec", text);

        Package package = Assert.Single(found.Packages);
        Assert.Equal(("bundler", "2.4.10"), (package.Name, package.Version));
    }

    [Fact]
    public void TakesFromTheStubWhatTheProgramWorksOut()
    {
        FileFindings found = Detection.Read(_detector, "usr/local/bundle/specifications/x.gemspec", "# stub: rack 2.2.3 ruby lib\n# stub: ext/x.rb\n");

        Assert.Equal([("rack", "2.2.3")], found.Packages.Select(package => (package.Name, package.Version)));
    }

    [Theory]
    [InlineData("nokogiri-1.15.4-x86_64-linux.gemspec", "nokogiri", "1.15.4")]
    [InlineData("nokogiri-1.15.4-arm64-darwin-22.gemspec", "nokogiri", "1.15.4")]
    [InlineData("sassc-2.4.0-x86-mingw32.gemspec", "sassc", "2.4.0")]
    [InlineData("net-ssh-7.1.0.gemspec", "net-ssh", "7.1.0")]
    [InlineData("rails-5.0.0.beta1.gemspec", "rails", "5.0.0.beta1")]
    [InlineData("libv8-node-16.19.0.1-x86_64-linux-musl.gemspec", "libv8-node", "16.19.0.1")]
    [InlineData("a-2-java.gemspec", "a", "2")]
    [InlineData("rails-4.2-compat-1.0.gemspec", "rails-4.2-compat", "1.0")]
    public void ReadsNameAndVersionOfAFileName(string file, string name, string version) => Assert.Equal((name, version), GemFileName.Parse(file));

    [Theory]
    [InlineData("x.gemspec")]
    [InlineData("x-y.gemspec")]
    [InlineData("-1.0.gemspec")]
    [InlineData("1.0.gemspec")]
    [InlineData(".gemspec")]
    [InlineData("x-1.0.txt")]
    public void DoesNotGuessFromOtherFileNames(string file) => Assert.Null(GemFileName.Parse(file));

    [Theory]
    [InlineData("s.license = \"MIT\"", "MIT")]
    [InlineData("s.licenses = [%q{MIT}, 'Apache-2.0']", "MIT, Apache-2.0")]
    [InlineData("s.licenses = []", null)]
    [InlineData("s.licenses = LICENSES", null)]
    public void ReadsEveryFormOfLicense(string line, string? license)
    {
        Package package = Assert.Single(Detection.Read(_detector, File, line).Packages);

        Assert.Equal(license, package.License);
    }

    [Fact]
    public void SaysThatNothingNamesTheGem()
    {
        FileFindings found = Detection.Read(_detector, "usr/local/bundle/specifications/x.gemspec", "\0\u0001 binary = \n");

        Assert.Empty(found.Packages);
        Assert.Single(found.Warnings);
    }

    [Theory]
    [InlineData("usr/local/bundle/specifications/rack-2.2.3.gemspec", true)]
    [InlineData("usr/local/lib/ruby/gems/3.2.0/specifications/rake-13.0.gemspec", true)]
    [InlineData("usr/local/lib/ruby/gems/3.2.0/specifications/default/json-2.6.3.gemspec", true)]
    [InlineData("opt/jruby/lib/ruby/gems/shared/specifications/rake-13.0.gemspec", true)]
    [InlineData("usr/share/rubygems-integration/all/specifications/rack-2.2.6.gemspec", true)]
    [InlineData("app/vendor/bundle/ruby/3.2.0/specifications/rack-2.2.3.gemspec", true)]
    [InlineData("usr/local/rvm/gems/ruby-3.2.2/specifications/rack-2.0.1.gemspec", true)]
    [InlineData("usr/local/rvm/gems/ruby-3.2.2@set/specifications/rack-2.0.1.gemspec", true)]
    [InlineData("usr/local/rvm/gems/ruby-3.2.2@global/specifications/default/json-2.6.3.gemspec", true)]
    [InlineData("usr/local/rvm/gems/ruby-head/specifications/rack-2.0.1.gemspec", true)]
    [InlineData("usr/local/rvm/gems/jruby-9.4.2.0/specifications/rack-2.0.1.gemspec", true)]
    [InlineData("usr/local/share/gems/specifications/rack-2.0.1.gemspec", true)]
    [InlineData("usr/share/gems/specifications/rack-2.0.1.gemspec", true)]
    [InlineData("opt/truffleruby/lib/gems/specifications/rack-2.0.1.gemspec", true)]
    [InlineData("opt/gems/shop/vendor/bundle/ruby/3.2.0/specifications/rack-2.0.1.gemspec", true)]
    [InlineData("usr/local/bundle/gems/rack-2.2.3/rack.gemspec", false)]
    [InlineData("usr/local/rvm/gems/ruby-3.2.2/gems/x-1.0/test/specifications/y-1.0.gemspec", false)]
    [InlineData("usr/local/bundle/gems/x-1.0/spec/gems/3.2.0/specifications/y-1.0.gemspec", false)]
    [InlineData("usr/local/bundle/gems/ruby-openai-6.3.1/spec/specifications/y-1.0.gemspec", false)]
    [InlineData("usr/local/bundle/gems/x-1.0/test/specifications/y-1.0.gemspec", false)]
    [InlineData("usr/local/lib/ruby/gems/3.2.0/gems/x-1.0/specifications/y-1.0.gemspec", false)]
    [InlineData("usr/local/bundle/bundler/gems/rails-abc123/rails.gemspec", false)]
    [InlineData("usr/local/bundle/specifications/other/y-1.0.gemspec", false)]
    [InlineData("usr/local/bundle/specifications/rack.rb", false)]
    public void WantsOnlyTheSpecificationsOfInstalledGems(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
