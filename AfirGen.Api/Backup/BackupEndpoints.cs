using AfirGen.Api.Access;
using AfirGen.Api.Audit;
using AfirGen.Api.Endpoints;
using Microsoft.AspNetCore.Mvc;

namespace AfirGen.Api.Backup;

/// <summary>For operators and for the command line beside a running service.</summary>
internal static class BackupEndpoints
{
    public static void MapBackup(this IEndpointRouteBuilder routes) =>
        routes
            .MapGroup("")
            .WithTags("Operations")
            .ProducesProblems()
            .MapPost("/backup", BackupAsync)
            .WithSummary("Back up both stores now; answers once the backup has been restored for trial")
            .Produces<OperatorAnswer<BackupReport>>()
            .RequireRole(Role.Operator);

    private static Task BackupAsync(HttpContext context, [FromServices] OperatorExchange exchange, [FromServices] ServiceBackup backup) =>
        exchange.RunAsync(
            context,
            AuditActions.Backup,
            "",
            async () =>
            {
                var report = await backup.TakeAsync(context.RequestAborted);
                return new OperatorAnswer<BackupReport>(true, $"Backed up to {report.Folder}", report);
            }
        );
}
