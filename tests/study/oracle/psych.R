# What R says of a scale, a figure a line: key, item, value, separated by tabs.
#   Rscript psych.R RESPONSES.csv A,B,C REVERSED|- 1,5 listwise|median FACTORS > EXPECTED.tsv
# Needs r-cran-psych, r-cran-lavaan and r-cran-gparotation of the distribution.
suppressPackageStartupMessages({library(psych); library(lavaan)})
args <- commandArgs(trailingOnly = TRUE)
items <- strsplit(args[2], ",")[[1]]
ends <- as.numeric(strsplit(args[4], ",")[[1]])
m <- as.integer(args[6])
x <- read.csv(args[1], na.strings = c("", "NA"), check.names = FALSE)[, items]
for (one in setdiff(strsplit(args[3], ",")[[1]], "-")) x[[one]] <- sum(ends) - x[[one]]
if (args[5] == "median") {
  for (one in items) x[[one]][is.na(x[[one]])] <- median(x[[one]], na.rm = TRUE)
}
x <- x[complete.cases(x), ]
n <- nrow(x); k <- ncol(x)
say <- function(key, item, value) cat(sprintf("%s\t%s\t%.10g\n", key, item, value), sep = "")
quiet <- function(...) suppressWarnings(suppressMessages(...))

cat(sprintf("# R %s, psych %s, lavaan %s\n", getRversion(), packageVersion("psych"), packageVersion("lavaan")))
say("n", "", n)
a <- quiet(psych::alpha(x, warnings = FALSE))
say("alpha", "", a$total$raw_alpha)
ci <- alpha.ci(a$total$raw_alpha, n.obs = n, n.var = k)
say("alpha_ci", c("low", "high"), c(ci$lower.ci, ci$upper.ci))
say("alpha_standardised", "", a$total$std.alpha)
say("item_rest_r", items, a$item.stats$r.drop)
say("item_total_r", items, a$item.stats$raw.r)
say("alpha_if_deleted", items, a$alpha.drop$raw_alpha)
kmo <- KMO(x)
say("kmo", "overall", kmo$MSA)
say("kmo", items, kmo$MSAi)
b <- cortest.bartlett(cor(x), n = n)
say("bartlett", c("chi2", "df", "p"), c(b$chisq, b$df, b$p.value))
names(x) <- paste0("v", seq_along(x))
fit <- quiet(cfa(paste("f =~", paste(names(x), collapse = "+")), x, std.lv = TRUE, control = list(rel.tol = 1e-14)))
est <- lavInspect(fit, "est")
l <- sum(est$lambda)
say("omega_total", "", l^2 / (l^2 + sum(diag(est$theta))))
odd <- rowSums(x[, seq(1, k, 2)]); even <- rowSums(x[, seq(2, k, 2)])
say("split_half", c("r", "spearman_brown", "guttman"),
    c(cor(odd, even), 2 * cor(odd, even) / (1 + cor(odd, even)), 2 * (1 - (var(odd) + var(even)) / var(odd + even))))
o <- quiet(omega(x, nfactors = m, plot = FALSE, flip = FALSE))
say("omega_hierarchical", "", o$omega_h)
say("omega_sl", "", o$omega.tot)
if (m > 1) {
  f <- quiet(fa(x, nfactors = m, fm = "minres", rotate = "oblimin"))
  for (j in 1:m) say(paste0("minres_", j), items, f$loadings[, j])
  say("minres_phi", "12", f$Phi[1, 2])
  v <- factanal(x, m, rotation = "varimax", control = list(opt = list(factr = 10), rotate = list(eps = 1e-14)))
  loadings <- unclass(v$loadings)
  loadings <- loadings[, order(-colSums(loadings^2))]
  for (j in 1:m) say(paste0("ml_", j), items, loadings[, j] * sign(sum(loadings[, j])))
}
