namespace AfirGen.Api.Endpoints;

internal static class ProblemMetadata
{
    /// <summary>The problem answers that every route can give, for the OpenAPI document.</summary>
    public static RouteGroupBuilder ProducesProblems(this RouteGroupBuilder group)
    {
        foreach (var status in (int[])[400, 401, 403, 404, 409, 412, 413, 415, 421, 422, 429, 503, 504])
        {
            group.ProducesProblem(status);
        }

        return group;
    }
}
