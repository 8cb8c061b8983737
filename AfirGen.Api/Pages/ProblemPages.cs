using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AfirGen.Api.Pages;

/// <summary>A problem for somebody who opened an address in a browser.</summary>
internal static class ProblemPages
{
    public static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ProblemPage.View)] = PageView.Of(context, withForms: false), // before the stores are open there are no form tokens
            [nameof(ProblemPage.Status)] = problem.Status!.Value,
            [nameof(ProblemPage.Detail)] = problem.Detail,
        };
        return new RazorComponentResult<ProblemPage>(parameters) { StatusCode = problem.Status }.ExecuteAsync(context);
    }
}
