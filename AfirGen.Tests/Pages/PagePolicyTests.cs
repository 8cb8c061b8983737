using System.Text.RegularExpressions;
using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Pages;

/// <summary>What a page lets a browser run and fetch.</summary>
public sealed partial class PagePolicyTests(SharedService shared) : IClassFixture<SharedService>
{
    [Fact]
    public async Task No_page_has_or_allows_inline_script_or_style_or_anything_of_another_host()
    {
        var journey = await Journey.BeginAsync(shared.Client, Complaints.Theft);
        string[] paths =
        [
            "/",
            $"/session/{journey.SessionId}",
            "/firs",
            $"/view_fir/{journey.FirNumber}",
            $"/fir/{journey.FirNumber}/print",
            "/status",
        ];
        foreach (var path in paths)
        {
            var page = (await shared.Client.GetAsync(path, "text/html")).RequireOk();

            var policy = page.Headers["Content-Security-Policy"];
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.DoesNotMatch("https?:", policy);
            Assert.DoesNotMatch(Inline(), page.Text);
            Assert.DoesNotMatch("(src|href|action)=\"(https?:)?//", page.Text);
        }
    }

    /// <summary>A script without a source that is no data, a style element or attribute, a handler in an attribute.</summary>
    [GeneratedRegex("""<script(?![^>]*\b(src=|type="application/json"))|<style|\sstyle="|\son[a-z]+=["']""", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();
}
