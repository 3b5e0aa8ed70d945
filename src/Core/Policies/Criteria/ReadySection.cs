namespace ImageScan.Core.Policies.Criteria;

/// <summary>
/// A section of a policy, ready to be asked. All its criteria must fit; those about components and their vulnerabilities the same component and
/// the same vulnerability (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/booleanpolicy/evaluator/evaluator.go).
/// </summary>
internal sealed class ReadySection
{
    private readonly ImageCriterion[] _ofImage;
    private readonly LineCriterion[] _ofLines;
    private readonly ComponentCriterion[] _ofComponents;
    private readonly VulnerabilityCriterion[] _ofVulnerabilities;
    private readonly bool _saysFix;

    private ReadySection(IReadOnlyList<Criterion> criteria)
    {
        _ofImage = [.. criteria.OfType<ImageCriterion>()];
        _ofLines = [.. criteria.OfType<LineCriterion>()];
        _ofComponents = [.. criteria.OfType<ComponentCriterion>()];
        _ofVulnerabilities = [.. criteria.OfType<VulnerabilityCriterion>()];
        _saysFix = _ofVulnerabilities.Any(criterion => criterion.IsAboutFixes);
    }

    /// <summary>Throws <see cref="FormatException"/> if it has no criterion, or one that cannot be.</summary>
    public static ReadySection Of(PolicySection section) => section.PolicyGroups.Count == 0
        ? throw new FormatException("a section has no criterion")
        : new ReadySection([.. section.PolicyGroups.Select(KnownCriteria.Of)]);

    /// <summary>What is said of an image that fits, in no order and perhaps twice; empty if it does not.</summary>
    public IReadOnlyList<string> MessagesOf(JudgedImage image, DateTimeOffset now)
    {
        var messages = new List<string>();
        var ofName = new List<string>();
        foreach (ImageCriterion criterion in _ofImage)
        {
            IReadOnlyList<string> texts = criterion.TextsOf(image, now);
            if (texts.Count == 0)
            {
                return [];
            }

            (criterion.IsPartOfSentence ? ofName : messages).AddRange(texts);
        }

        if (ofName.Count > 0)
        {
            messages.Add(ViolationTexts.OfName(ofName));
        }

        bool fits = TryAdd(messages, _ofLines.Length > 0, LinesOf(image))
            && TryAdd(messages, _ofComponents.Length + _ofVulnerabilities.Length > 0, PartsOf(image, now));
        return fits ? messages : [];
    }

    private static bool TryAdd(List<string> messages, bool isAsked, IEnumerable<string> more)
    {
        int before = messages.Count;
        messages.AddRange(isAsked ? more : []);
        return !isAsked || messages.Count > before;
    }

    private IEnumerable<string> LinesOf(JudgedImage image) => (image.Config?.Lines ?? [])
        .Where(line => _ofLines.All(criterion => criterion.Fits(line)))
        .Select(ViolationTexts.OfLine);

    private IEnumerable<string> PartsOf(JudgedImage image, DateTimeOffset now)
    {
        foreach (JudgedComponent component in (image.Scan?.Components ?? []).Where(component => _ofComponents.All(criterion => criterion.Fits(component))))
        {
            JudgedVulnerability[] fitting = _ofVulnerabilities.Length == 0 ? [] :
            [
                .. component.Vulnerabilities.Where(vulnerability => _ofVulnerabilities.All(criterion => criterion.Fits(vulnerability, now))),
            ];
            if (_ofVulnerabilities.Length > 0 && fitting.Length == 0)
            {
                continue;
            }

            foreach (string text in _ofComponents.Select(criterion => criterion.TextOf(component))
                .Concat(fitting.Select(vulnerability => ViolationTexts.OfVulnerability(component, vulnerability, _saysFix))))
            {
                yield return text;
            }
        }
    }
}
