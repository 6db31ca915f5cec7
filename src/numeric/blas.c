/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which BLAS the program runs on. */
#include <cblas.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "numeric/gemm.h"

/* GSL's reference library has cblas_sgemm too, but not openblas_get_config: the two must come from one
 * object. */
bool blas_is_openblas(void)
{
    void *product = dlsym(RTLD_DEFAULT, "cblas_sgemm");
    void *config = dlsym(RTLD_DEFAULT, "openblas_get_config");
    Dl_info of_product, of_config;
    return product && config && dladdr(product, &of_product) && dladdr(config, &of_config) &&
           of_product.dli_fbase == of_config.dli_fbase;
}

static char description[96]; /* written once */

static void describe(void)
{
    const char *config = openblas_get_config(); /* "OpenBLAS 0.3.21 NO_LAPACKE ..." */
    const char *name_end = strchr(config, ' ');
    size_t length = name_end ? strcspn(name_end + 1, " ") + (size_t)(name_end + 1 - config) : 0;
    openblas_set_num_threads(1);
    snprintf(description, sizeof description, "%.*s %s%s", (int)length, config, openblas_get_corename(),
             blas_is_openblas() ? "" : " (cblas_sgemm is not OpenBLAS's)");
}

const char *blas_describe(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, describe);
    return description;
}
